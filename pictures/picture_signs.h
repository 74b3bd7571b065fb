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
  std::uint32_t changed_px = 0;     // pixels that differ by more than any coding of one image does
  friend bool operator==(const PictureSigns&, const PictureSigns&) = default;
};

/// Nothing can be seen on it: 98 of 100 pixels are nearly black; a camera's own clock may stand
/// there.
[[nodiscard]] bool IsBlack(const PictureSigns& signs);
/// Both came from one and the same image: fewer than one pixel in a thousand differs, and no dozen
/// of them by much. Of a real sensor's two images of one still scene at least one in twenty does,
/// by its noise, also at bit rates that leave nothing of that noise to be seen; where a camera
/// takes all noise away, the clock that it writes into the picture has changed.
[[nodiscard]] bool AreOne(const PictureSigns& signs);
/// Two images of one scene from a camera that takes all noise away: 97 of 100 pixels are the same
/// to the bit, but not all. With a sensor's noise 8 of 100 differ, and more.
[[nodiscard]] bool AreOfANoiselessScene(const PictureSigns& signs);

/// Brightness of one pixel each (luma of video range, 16 is black), row by row.
struct LumaPlane {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride_bytes = 0;
  int width_px = 0;
  int height_px = 0;
};
/// Planes of different size differ in all their pixels.
[[nodiscard]] PictureSigns Compare(const LumaPlane& earlier, const LumaPlane& later);

/// As a worker answers with them: the three numbers, four bytes each, big-endian.
[[nodiscard]] std::vector<std::uint8_t> EncodeSigns(const PictureSigns& signs);
/// kDataLoss: no signs.
[[nodiscard]] Result<PictureSigns> ParseSigns(std::span<const std::uint8_t> bytes);

}  // namespace yagura::pictures
