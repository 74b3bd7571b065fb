// What a worker reads from its pipe, and its client from it: never trusted, whatever it is.
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "core/check.h"
#include "pictures/picture_message.h"

using namespace yagura::pictures;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  if (const auto length = ParseOrderHead(bytes); length.has_value())
    CHECK(*length <= kOrderBytesMax);
  if (const auto answer = ParseAnswerHead(bytes); answer.has_value())
    CHECK(answer->size_bytes <= kPictureBytesMax);
  const auto order = ParseOrderBody(bytes);
  if (!order.has_value()) return 0;
  std::size_t total = 5 + order->configuration.size();
  for (const auto& frame : order->frames) {
    CHECK(!frame.empty());
    total += 4 + frame.size();
  }
  CHECK(total == size);
  return 0;
}
