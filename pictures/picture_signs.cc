#include "pictures/picture_signs.h"

#include <cstdlib>

namespace yagura::pictures {
namespace {

constexpr std::uint8_t kDarkBelow = 36;
constexpr std::uint32_t kBlackFromPpm = 980'000;
constexpr std::uint32_t kOneBelowPpm = 1'000;
constexpr std::uint32_t kNoiselessBelowPpm = 30'000;
/// One image at two qualities of one stream differs by less, also at its edges.
constexpr int kChangedFrom = 40;
/// One digit of a small clock takes as many.
constexpr std::uint32_t kOneBelowChangedPx = 12;
constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::size_t kSignsBytes = 12;

struct Counts {
  std::uint64_t dark = 0;
  std::uint64_t differing = 0;
  std::uint64_t changed = 0;
};

void CountRow(const std::uint8_t* earlier, const std::uint8_t* later, int width_px,
              Counts& counts) {
  std::uint32_t dark = 0;
  std::uint32_t differing = 0;
  std::uint32_t changed = 0;
  for (int x = 0; x < width_px; ++x) {
    dark += later[x] < kDarkBelow ? 1 : 0;
    differing += later[x] != earlier[x] ? 1 : 0;
    changed += std::abs(later[x] - earlier[x]) >= kChangedFrom ? 1 : 0;
  }
  counts.dark += dark;
  counts.differing += differing;
  counts.changed += changed;
}

std::uint32_t Read(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

}  // namespace

bool IsBlack(const PictureSigns& signs) { return signs.dark_ppm >= kBlackFromPpm; }

bool AreOne(const PictureSigns& signs) {
  return signs.differing_ppm < kOneBelowPpm && signs.changed_px < kOneBelowChangedPx;
}

bool AreOfANoiselessScene(const PictureSigns& signs) {
  return !AreOne(signs) && signs.differing_ppm < kNoiselessBelowPpm;
}

PictureSigns Compare(const LumaPlane& earlier, const LumaPlane& later) {
  const bool same_size = earlier.width_px == later.width_px && earlier.height_px == later.height_px;
  const LumaPlane& other = same_size ? earlier : later;
  Counts counts;
  for (int y = 0; y < later.height_px; ++y) {
    CountRow(other.data + y * other.stride_bytes, later.data + y * later.stride_bytes,
             later.width_px, counts);
  }
  const auto pixels =
      static_cast<std::uint64_t>(later.width_px) * static_cast<std::uint64_t>(later.height_px);
  if (pixels == 0) return {0, kMillion, 0};
  if (!same_size) counts.differing = counts.changed = pixels;
  return {static_cast<std::uint32_t>(counts.dark * kMillion / pixels),
          static_cast<std::uint32_t>(counts.differing * kMillion / pixels),
          static_cast<std::uint32_t>(counts.changed)};
}

std::vector<std::uint8_t> EncodeSigns(const PictureSigns& signs) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t value : {signs.dark_ppm, signs.differing_ppm, signs.changed_px}) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  return bytes;
}

Result<PictureSigns> ParseSigns(std::span<const std::uint8_t> bytes) {
  if (bytes.size() != kSignsBytes)
    return Failure(ErrorCode::kDataLoss, "a decode worker gave what are no signs");
  return PictureSigns{Read(bytes.first(4)), Read(bytes.subspan(4, 4)), Read(bytes.last(4))};
}

}  // namespace yagura::pictures
