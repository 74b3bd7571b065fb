#pragma once

#include <cstddef>
#include <cstdint>

#include "tests/ingest/h264_stream.h"

namespace yagura::testing {

/// An SPS of H.265 of Main profile, level 3.1; the sets of reference pictures are there to be
/// passed over.
struct H265SpsFields {
  std::uint32_t sub_layers = 1;
  std::uint32_t chroma_format = 1;
  std::uint32_t width_px = 1920;
  std::uint32_t height_px = 1088;
  std::uint32_t crop_bottom = 4;  // in units of two lines
  std::uint32_t reorder_pictures = 0;
  bool scaling_lists = false;
  bool reference_sets = false;
  std::uint32_t units_in_tick = 0;  // 0: no VUI
  std::uint32_t time_scale = 0;
};
[[nodiscard]] Bytes MakeH265Sps(const H265SpsFields& fields = {});
[[nodiscard]] Bytes MakeH265Vps();
[[nodiscard]] Bytes MakeH265Pps();
/// A slice segment of this NAL unit type, the picture's first or a later one.
[[nodiscard]] Bytes MakeH265Slice(std::uint8_t type, std::size_t size_bytes, std::uint32_t fill,
                                  bool first = true);

}  // namespace yagura::testing
