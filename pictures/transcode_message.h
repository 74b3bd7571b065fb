#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "core/shared_bytes.h"
#include "pictures/picture_message.h"

/// What goes over the pipe of a worker that transcodes a stream. Pure. Numbers are big-endian.
///
///     order:   "YGT1"  length of what follows (4)  kind (1)
///              of 0, begin: codec (1: 0 H.264, 1 H.265, 2 JPEG)  width (4)  height (4)
///              configuration
///              of 1, frame: pts (8)  data
///              of 2, end
///     answer:  its head as picture_message.h has it; then
///              of begin: width (4)  height (4)  length (2)  SPS  length (2)  PPS
///              else each frame that is out: pts (8)  flags (1: bit 0 keyframe)  length (4)  data
namespace yagura::pictures {

/// What a stream is coded in before.
struct TranscodeSource {
  Codec codec = Codec::kH265;
  std::vector<std::uint8_t> configuration{};  // decoder configuration record (ISO/IEC 14496-15)
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
};
/// A frame as H.264, in presentation order, which is its decoding order too.
struct TranscodedFrame {
  MediaTime pts;
  bool keyframe = false;
  SharedBytes data;  // as access units have it
};

inline constexpr std::size_t kTranscodeOrderBytesMax = 16 * 1024 * 1024;
inline constexpr std::uint32_t kTranscodeSidePxMax = 8192;

/// Orders, as parts to be sent in order. kInvalidArgument: over a limit, or no frame.
[[nodiscard]] Result<std::vector<SharedBytes>> EncodeBegin(const TranscodeSource& source);
[[nodiscard]] Result<std::vector<SharedBytes>> EncodeFrame(MediaTime pts, const SharedBytes& data);
[[nodiscard]] std::vector<SharedBytes> EncodeEnd();

/// The length of the body, from an order's head of kOrderHeadBytes. kDataLoss: no order, or over
/// the limit.
[[nodiscard]] Result<std::size_t> ParseTranscodeOrderHead(std::span<const std::uint8_t> head);
enum class TranscodeKind : std::uint8_t { kBegin = 0, kFrame = 1, kEnd = 2 };
/// An order as it lies in a body.
struct TranscodeOrderView {
  TranscodeKind kind = TranscodeKind::kEnd;
  TranscodeSource source;              // of begin
  MediaTime pts;                       // of a frame
  std::span<const std::uint8_t> data;  // of a frame; not empty
};
/// kDataLoss: no order's body.
[[nodiscard]] Result<TranscodeOrderView> ParseTranscodeOrderBody(
    std::span<const std::uint8_t> body);

[[nodiscard]] std::vector<std::uint8_t> EncodeBegunBody(const StreamFormat& format);
[[nodiscard]] std::vector<std::uint8_t> EncodeFramesBody(std::span<const TranscodedFrame> frames);
/// A format of H.264. kDataLoss: none.
[[nodiscard]] Result<StreamFormat> ParseBegunBody(std::span<const std::uint8_t> body);
/// kDataLoss: no frames, or their instants don't rise.
[[nodiscard]] Result<std::vector<TranscodedFrame>> ParseFramesBody(
    std::span<const std::uint8_t> body);

}  // namespace yagura::pictures
