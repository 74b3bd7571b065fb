#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "core/jpeg_markers.h"
#include "core/result.h"

namespace yagura {

/// What RTP (RFC 2435) carries of a JPEG picture (ISO/IEC 10918-1), in place: everything but its
/// Huffman tables, which are taken for the standard's.
struct JpegPicture {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint8_t sampling = 0;           // of the first component, H(4) V(4); of the others 1 and 1
  std::uint16_t restart_interval = 0;  // in MCUs; 0: none
  /// Of brightness and of colour, in zigzag order.
  std::array<std::span<const std::uint8_t>, 2> quantisers;
  std::span<const std::uint8_t> scan;  // the coded data, without EOI
};

/// Reads a picture of three components in one scan, from SOI to EOI. kDataLoss: it is none, or not
/// whole; kUnimplemented: of another kind than RTP carries.
[[nodiscard]] Result<JpegPicture> ParseJpegPicture(std::span<const std::uint8_t> bytes);

/// Whether a file begins like a JPEG's: no NAL unit's length does.
[[nodiscard]] inline bool IsJpegFile(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && std::ranges::equal(bytes.first(2), kJpegStart);
}

}  // namespace yagura
