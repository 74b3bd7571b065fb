#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"

namespace yagura::pictures {

/// What can be told of two decoded pictures without knowing what they are of: numbers, no image.
struct PictureSigns {
  std::uint32_t dark_ppm = 0;       // of the later one's pixels, in a million
  std::uint32_t differing_ppm = 0;  // pixels that are not the same in both, at all; of a million
  friend bool operator==(const PictureSigns&, const PictureSigns&) = default;
};

/// Nothing can be seen on it: 98 of 100 pixels are nearly black; a camera's own clock may stand
/// there.
[[nodiscard]] bool IsBlack(const PictureSigns& signs);
/// Both came from one and the same image: fewer than one pixel in a thousand differs. Of a real
/// sensor's two images of one still scene at least one in twenty does, by its noise, also at
/// bit rates that leave nothing of that noise to be seen.
[[nodiscard]] bool AreOne(const PictureSigns& signs);

/// Brightness of one pixel each (luma of video range, 16 is black), row by row.
struct LumaPlane {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride_bytes = 0;
  int width_px = 0;
  int height_px = 0;
};
/// Planes of different size differ in all their pixels.
[[nodiscard]] PictureSigns Compare(const LumaPlane& earlier, const LumaPlane& later);

/// As a worker answers with them: both numbers, four bytes each, big-endian.
[[nodiscard]] std::vector<std::uint8_t> EncodeSigns(const PictureSigns& signs);
/// kDataLoss: no signs.
[[nodiscard]] Result<PictureSigns> ParseSigns(std::span<const std::uint8_t> bytes);

}  // namespace yagura::pictures
