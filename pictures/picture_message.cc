#include "pictures/picture_message.h"

#include <algorithm>
#include <string_view>

#include "pictures/message_bytes.h"

namespace yagura::pictures {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::string_view kOrderMagic = "YGP2";
constexpr std::string_view kAnswerMagic = "YGA1";
constexpr std::size_t kConfigurationBytesMax = 0xffff;

std::size_t BodyBytes(const PictureOrder& order) {
  std::size_t size = 5 + order.configuration.size();
  for (const SharedBytes& frame : order.frames) size += 4 + frame.size();
  return size;
}

bool IsInLimits(const PictureOrder& order) {
  const bool any_empty = std::any_of(order.frames.begin(), order.frames.end(),
                                     [](const SharedBytes& frame) { return frame.empty(); });
  return !order.frames.empty() && order.frames.size() <= kOrderFramesMax && !any_empty &&
         order.configuration.size() <= kConfigurationBytesMax && BodyBytes(order) <= kOrderBytesMax;
}

}  // namespace

Result<std::vector<SharedBytes>> EncodeOrder(const PictureOrder& order) {
  if (!IsInLimits(order))
    return Failure(ErrorCode::kInvalidArgument, "no frames, or more than a picture is made of");
  std::vector<std::uint8_t> head;
  Append(head, kOrderMagic);
  Append(head, BodyBytes(order), 4);
  Append(head, static_cast<std::uint64_t>(order.codec), 1);
  Append(head, order.configuration.size(), 2);
  head.insert(head.end(), order.configuration.begin(), order.configuration.end());
  Append(head, order.frames.size(), 2);
  std::vector<SharedBytes> parts;
  for (const SharedBytes& frame : order.frames) {
    Append(head, frame.size(), 4);
    parts.push_back(SharedBytes::CopyOf(head));
    parts.push_back(frame);
    head.clear();
  }
  return parts;
}

Result<std::size_t> ParseOrderHead(Bytes head) {
  MessageReader in(head);
  in.Expect(kOrderMagic);
  const std::size_t size_bytes = in.Number(4);
  if (!in.ok() || size_bytes > kOrderBytesMax)
    return Failure(ErrorCode::kDataLoss, "no order of a picture");
  return size_bytes;
}

Result<OrderView> ParseOrderBody(Bytes body) {
  MessageReader in(body);
  OrderView order;
  const std::size_t codec = in.Number(1);
  order.codec = static_cast<Codec>(codec);
  order.configuration = in.Take(in.Number(2));
  const std::size_t count = in.Number(2);
  for (std::size_t i = 0; i < count && in.ok(); ++i) order.frames.push_back(in.Take(in.Number(4)));
  const bool any_empty = std::any_of(order.frames.begin(), order.frames.end(),
                                     [](Bytes frame) { return frame.empty(); });
  const bool known = codec <= static_cast<std::size_t>(Codec::kJpeg);
  if (!in.ok() || !known || !in.empty() || count == 0 || count > kOrderFramesMax || any_empty)
    return Failure(ErrorCode::kDataLoss, "no order of a picture");
  return order;
}

std::vector<std::uint8_t> EncodeAnswerHead(const AnswerHead& head) {
  std::vector<std::uint8_t> out;
  Append(out, kAnswerMagic);
  Append(out, static_cast<std::uint64_t>(head.status), 1);
  Append(out, head.size_bytes, 4);
  return out;
}

Result<AnswerHead> ParseAnswerHead(Bytes head) {
  MessageReader in(head);
  in.Expect(kAnswerMagic);
  const std::size_t status = in.Number(1);
  const std::size_t size_bytes = in.Number(4);
  const bool known = status <= static_cast<std::size_t>(PictureStatus::kUnsupported);
  if (!in.ok() || !known || size_bytes > kPictureBytesMax)
    return Failure(ErrorCode::kDataLoss, "a decode worker gave what is no answer");
  return AnswerHead{static_cast<PictureStatus>(status), size_bytes};
}

}  // namespace yagura::pictures
