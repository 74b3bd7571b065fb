#include "storage/keyframe_list.h"

#include <algorithm>

#include "storage/bytes.h"
#include "storage/files.h"

namespace yagura::storage {
namespace {

constexpr std::uint8_t kMark = 0;

std::uint64_t Zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}
std::int64_t Unzigzag(std::uint64_t bits) {
  return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
}

std::uint64_t UnitOf(std::span<const ClipKeyframe> keyframes) {
  const bool pages = std::all_of(
      keyframes.begin(), keyframes.end(),
      [](const ClipKeyframe& keyframe) { return keyframe.offset_bytes % kPageBytes == 0; });
  return pages ? kPageBytes : 1;
}

std::int64_t StepTo(const ClipKeyframe& keyframe, const ClipKeyframe& before) {
  return keyframe.media_time.ticks_90k - before.media_time.ticks_90k;
}

Error Cut() { return {ErrorCode::kDataLoss, "a list of keyframes ends inside a number"}; }

/// Lists of earlier programs.
Result<std::vector<ClipKeyframe>> UnpackPlain(ByteReader in, MediaTime media_start) {
  std::vector<ClipKeyframe> keyframes;
  ClipKeyframe last{.offset_bytes = 0, .media_time = media_start};
  while (in.remaining() > 0) {
    last.offset_bytes += in.Varint();
    last.media_time.ticks_90k += in.SignedVarint();
    if (!in.ok()) return Failure(Cut());
    keyframes.push_back(last);
  }
  return keyframes;
}

}  // namespace

std::vector<std::uint8_t> PackKeyframes(std::span<const ClipKeyframe> keyframes,
                                        MediaTime media_start) {
  ByteWriter out;
  if (keyframes.empty()) return out.Take();
  const std::uint64_t unit = UnitOf(keyframes);
  out.U8(kMark);
  out.U8(unit == kPageBytes ? 1 : 0);
  const ClipKeyframe& first = keyframes.front();
  out.Varint(first.offset_bytes / unit);
  out.SignedVarint(first.media_time.ticks_90k - media_start.ticks_90k);
  const std::int64_t usual = keyframes.size() > 1 ? StepTo(keyframes[1], first) : 0;
  if (keyframes.size() > 1) out.SignedVarint(usual);
  std::int64_t distance_before = 0;
  for (std::size_t i = 1; i < keyframes.size(); ++i) {
    const ClipKeyframe& before = keyframes[i - 1];
    const auto distance =
        static_cast<std::int64_t>((keyframes[i].offset_bytes - before.offset_bytes) / unit);
    const std::int64_t odd = StepTo(keyframes[i], before) - usual;
    out.Varint((Zigzag(distance - distance_before) << 1) | (odd != 0 ? 1U : 0U));
    if (odd != 0) out.SignedVarint(odd);
    distance_before = distance;
  }
  return out.Take();
}

Result<std::vector<ClipKeyframe>> UnpackKeyframes(std::span<const std::uint8_t> packed,
                                                  MediaTime media_start) {
  ByteReader in(packed);
  if (packed.empty() || packed.front() != kMark) return UnpackPlain(in, media_start);
  (void)in.U8();  // the mark
  const std::uint64_t unit = in.U8() == 1 ? kPageBytes : 1;
  std::uint64_t units = in.Varint();
  auto ticks = static_cast<std::uint64_t>(media_start.ticks_90k);  // whatever the bytes say
  ticks += static_cast<std::uint64_t>(in.SignedVarint());
  std::vector<ClipKeyframe> keyframes;
  const auto add = [&] {
    keyframes.push_back(
        {.offset_bytes = units * unit, .media_time = MediaTime{static_cast<std::int64_t>(ticks)}});
  };
  if (!in.ok()) return Failure(Cut());
  add();
  const std::uint64_t usual =
      in.remaining() > 0 ? static_cast<std::uint64_t>(in.SignedVarint()) : 0;
  std::uint64_t distance = 0;
  while (in.remaining() > 0) {
    const std::uint64_t bits = in.Varint();
    distance += static_cast<std::uint64_t>(Unzigzag(bits >> 1));
    units += distance;
    ticks += usual;
    if ((bits & 1) != 0) ticks += static_cast<std::uint64_t>(in.SignedVarint());
    if (!in.ok()) break;
    add();
  }
  if (!in.ok()) return Failure(Cut());
  return keyframes;
}

}  // namespace yagura::storage
