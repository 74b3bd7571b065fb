#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"
#include "core/shared_bytes.h"

/// What goes over a worker's pipe. Pure. Numbers are big-endian.
///
///     order:   "YGP2"  length of what follows (4)  codec (1: 0 H.264, 1 H.265, 2 JPEG)
///              length (2)  configuration  number of frames (2)
///              then each frame: length (4)  bytes
///     answer:  "YGA1"  status (1)  length (4)  picture
namespace yagura::pictures {

/// Which picture is wanted: that of the last of `frames`, which follow one another in decoding
/// order from a keyframe on.
struct PictureOrder {
  Codec codec = Codec::kH264;
  std::vector<std::uint8_t> configuration{};  // its decoder configuration record (ISO/IEC 14496-15)
  std::vector<SharedBytes> frames{};          // as access units have them
};
inline constexpr std::size_t kOrderFramesMax = 5'000;
inline constexpr std::size_t kOrderBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kOrderHeadBytes = 8;

/// Head and everything but the frames' own bytes, which go between: as parts to be sent in order.
/// kInvalidArgument: over a limit, or nothing to decode.
[[nodiscard]] Result<std::vector<SharedBytes>> EncodeOrder(const PictureOrder& order);
/// The length of the body, from an order's head. kDataLoss: no order, or over the limit.
[[nodiscard]] Result<std::size_t> ParseOrderHead(std::span<const std::uint8_t> head);
/// The order as it lies in a body.
struct OrderView {
  Codec codec = Codec::kH264;
  std::span<const std::uint8_t> configuration;
  std::vector<std::span<const std::uint8_t>> frames;  // at least one, none empty
};
/// kDataLoss: no order's body.
[[nodiscard]] Result<OrderView> ParseOrderBody(std::span<const std::uint8_t> body);

enum class PictureStatus : std::uint8_t {
  kDone = 0,
  kDamaged = 1,      // these frames can't be decoded to a whole picture
  kUnsupported = 2,  // a kind of picture that we don't make one of
};
inline constexpr std::size_t kAnswerHeadBytes = 9;
inline constexpr std::size_t kPictureBytesMax = 32 * 1024 * 1024;
struct AnswerHead {
  PictureStatus status = PictureStatus::kDone;
  std::size_t size_bytes = 0;  // of the picture behind it
};
[[nodiscard]] std::vector<std::uint8_t> EncodeAnswerHead(const AnswerHead& head);
/// kDataLoss: no answer, or over the limit.
[[nodiscard]] Result<AnswerHead> ParseAnswerHead(std::span<const std::uint8_t> head);

}  // namespace yagura::pictures
