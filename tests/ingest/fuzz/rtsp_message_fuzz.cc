#include <string_view>

#include "core/check.h"
#include "ingest/limits.h"
#include "ingest/rtsp_message.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto result = ingest::ParseRtspMessage(text);
  if (!result.has_value()) return 0;
  if (!result->has_value()) {
    CHECK(size < ingest::kMaxMessageBytes);  // never asks for more without end
    return 0;
  }
  const ingest::ParsedRtspMessage& parsed = **result;
  CHECK(parsed.size_bytes > 0 && parsed.size_bytes <= size);
  CHECK(parsed.message.IsReply() != !parsed.message.method.empty());
  CHECK(parsed.message.body.size() <= ingest::kMaxBodyBytes);
  // What was taken is the same message when it comes alone.
  const auto again = ingest::ParseRtspMessage(text.substr(0, parsed.size_bytes));
  CHECK(again.has_value() && again->has_value() && (*again)->size_bytes == parsed.size_bytes);
  return 0;
}
