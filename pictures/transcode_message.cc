#include "pictures/transcode_message.h"

#include <string_view>

#include "pictures/message_bytes.h"

namespace yagura::pictures {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::string_view kMagic = "YGT1";
constexpr std::size_t kParameterSetBytesMax = 0xffff;

std::vector<std::uint8_t> OrderHead(TranscodeKind kind, std::size_t body_bytes) {
  std::vector<std::uint8_t> head;
  Append(head, kMagic);
  Append(head, 1 + body_bytes, 4);
  Append(head, static_cast<std::uint64_t>(kind), 1);
  return head;
}

bool IsSide(std::size_t px) { return px > 0 && px <= kTranscodeSidePxMax; }

tl::unexpected<Error> NoOrder() { return Failure(ErrorCode::kDataLoss, "no order to transcode"); }

tl::unexpected<Error> NoAnswer() {
  return Failure(ErrorCode::kDataLoss, "a worker that transcodes gave what is no answer");
}

}  // namespace

Result<std::vector<SharedBytes>> EncodeBegin(const TranscodeSource& source) {
  const bool fits = source.configuration.size() <= kParameterSetBytesMax &&
                    IsSide(source.width_px) && IsSide(source.height_px);
  if (!fits) return Failure(ErrorCode::kInvalidArgument, "too large a picture to be transcoded");
  auto order = OrderHead(TranscodeKind::kBegin, 9 + source.configuration.size());
  Append(order, static_cast<std::uint64_t>(source.codec), 1);
  Append(order, source.width_px, 4);
  Append(order, source.height_px, 4);
  Append(order, Bytes(source.configuration));
  return std::vector{SharedBytes::CopyOf(order)};
}

Result<std::vector<SharedBytes>> EncodeFrame(MediaTime pts, const SharedBytes& data) {
  if (data.empty() || data.size() > kTranscodeOrderBytesMax - 9)
    return Failure(ErrorCode::kInvalidArgument, "no frame, or too large a one to be transcoded");
  auto head = OrderHead(TranscodeKind::kFrame, 8 + data.size());
  Append(head, static_cast<std::uint64_t>(pts.ticks_90k), 8);
  return std::vector{SharedBytes::CopyOf(head), data};
}

std::vector<SharedBytes> EncodeEnd() {
  return {SharedBytes::CopyOf(OrderHead(TranscodeKind::kEnd, 0))};
}

Result<std::size_t> ParseTranscodeOrderHead(Bytes head) {
  MessageReader in(head);
  in.Expect(kMagic);
  const std::size_t size_bytes = in.Number(4);
  if (!in.ok() || size_bytes > kTranscodeOrderBytesMax) return NoOrder();
  return size_bytes;
}

Result<TranscodeOrderView> ParseTranscodeOrderBody(Bytes body) {
  MessageReader in(body);
  TranscodeOrderView order;
  const std::size_t kind = in.Number(1);
  if (!in.ok() || kind > static_cast<std::size_t>(TranscodeKind::kEnd)) return NoOrder();
  order.kind = static_cast<TranscodeKind>(kind);
  bool is_known = true;
  if (order.kind == TranscodeKind::kBegin) {
    const std::size_t codec = in.Number(1);
    const std::size_t width = in.Number(4);
    const std::size_t height = in.Number(4);
    const Bytes configuration = in.Rest();
    is_known = codec <= static_cast<std::size_t>(Codec::kJpeg) && IsSide(width) && IsSide(height) &&
               configuration.size() <= kParameterSetBytesMax;
    order.source = {static_cast<Codec>(codec),
                    {configuration.begin(), configuration.end()},
                    static_cast<std::uint32_t>(width),
                    static_cast<std::uint32_t>(height)};
  } else if (order.kind == TranscodeKind::kFrame) {
    order.pts = {static_cast<std::int64_t>(in.Number(8))};
    order.data = in.Rest();
    is_known = !order.data.empty();
  }
  if (!in.ok() || !in.empty() || !is_known) return NoOrder();
  return order;
}

std::vector<std::uint8_t> EncodeBegunBody(const StreamFormat& format) {
  std::vector<std::uint8_t> body;
  Append(body, format.width_px, 4);
  Append(body, format.height_px, 4);
  for (const auto& set : {format.sps, format.pps}) {
    Append(body, set.size(), 2);
    Append(body, Bytes(set));
  }
  return body;
}

std::vector<std::uint8_t> EncodeFramesBody(std::span<const TranscodedFrame> frames) {
  std::vector<std::uint8_t> body;
  for (const TranscodedFrame& frame : frames) {
    Append(body, static_cast<std::uint64_t>(frame.pts.ticks_90k), 8);
    Append(body, frame.keyframe ? 1 : 0, 1);
    Append(body, frame.data.size(), 4);
    Append(body, frame.data.bytes());
  }
  return body;
}

Result<StreamFormat> ParseBegunBody(Bytes body) {
  MessageReader in(body);
  const std::size_t width = in.Number(4);
  const std::size_t height = in.Number(4);
  const Bytes sps = in.Take(in.Number(2));
  const Bytes pps = in.Take(in.Number(2));
  // An SPS tells profile and level in the three bytes behind its header.
  if (!in.ok() || !in.empty() || !IsSide(width) || !IsSide(height) || sps.size() < 4 || pps.empty())
    return NoAnswer();
  return StreamFormat{.codec = Codec::kH264,
                      .sps = {sps.begin(), sps.end()},
                      .pps = {pps.begin(), pps.end()},
                      .width_px = static_cast<std::uint32_t>(width),
                      .height_px = static_cast<std::uint32_t>(height)};
}

Result<std::vector<TranscodedFrame>> ParseFramesBody(Bytes body) {
  MessageReader in(body);
  std::vector<TranscodedFrame> frames;
  while (in.ok() && !in.empty()) {
    TranscodedFrame frame;
    frame.pts = {static_cast<std::int64_t>(in.Number(8))};
    frame.keyframe = (in.Number(1) & 1U) != 0;
    const Bytes data = in.Take(in.Number(4));
    const bool rises = frames.empty() || frame.pts > frames.back().pts;
    if (!in.ok() || data.empty() || !rises) return NoAnswer();
    frame.data = SharedBytes::CopyOf(data);
    frames.push_back(std::move(frame));
  }
  if (!in.ok()) return NoAnswer();
  return frames;
}

}  // namespace yagura::pictures
