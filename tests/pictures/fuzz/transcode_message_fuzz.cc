// What a worker that transcodes reads from its pipe, and its client from it: never trusted.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "pictures/transcode_message.h"

using namespace yagura;
using namespace yagura::pictures;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  if (const auto length = ParseTranscodeOrderHead(bytes); length.has_value())
    CHECK(*length <= kTranscodeOrderBytesMax);
  if (const auto order = ParseTranscodeOrderBody(bytes); order.has_value()) {
    CHECK(order->data.empty() == (order->kind != TranscodeKind::kFrame));
    CHECK(order->source.width_px <= kTranscodeSidePxMax);
    CHECK(order->source.height_px <= kTranscodeSidePxMax);
  }
  if (const auto format = ParseBegunBody(bytes); format.has_value())
    CHECK(EncodeBegunBody(*format) == std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  if (const auto frames = ParseFramesBody(bytes); frames.has_value()) {
    std::size_t total = 0;
    for (const TranscodedFrame& frame : *frames) total += 13 + frame.data.size();
    CHECK(total == size);
  }
  return 0;
}
