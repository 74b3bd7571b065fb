#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/result.h"
#include "simulate/frame_rate.h"

namespace yagura::simulate {

/// NAL unit types that matter to us (ISO/IEC 14496-10, table 7-1).
enum NalType : std::uint8_t {
  kNalSlice = 1,
  kNalIdrSlice = 5,
  kNalSei = 6,
  kNalSps = 7,
  kNalPps = 8,
  kNalDelimiter = 9,
};
[[nodiscard]] inline std::uint8_t NalTypeOf(std::span<const std::uint8_t> nal) {
  return nal.front() & 0x1f;
}
[[nodiscard]] inline bool IsSlice(std::uint8_t type) { return type >= 1 && type <= 5; }

/// What a sequence parameter set says about the order and rate of pictures (7.3.2.1.1, E.1.1).
struct SequenceHeader {
  std::uint32_t frame_num_bits = 4;
  std::uint32_t order_type = 0;  // pic_order_cnt_type; 1 is refused
  std::uint32_t order_bits = 4;  // of pic_order_cnt_lsb, for type 0
  bool separate_colour_planes = false;
  std::optional<FrameRate> rate;  // from the VUI
};
/// kUnimplemented: interlaced video, or picture order of type 1. kInvalidArgument: broken.
[[nodiscard]] Result<SequenceHeader> ParseSequenceHeader(std::span<const std::uint8_t> sps);

/// The start of a slice header (7.3.3).
struct SliceHeader {
  std::uint32_t first_macroblock = 0;
  std::uint32_t order_lsb = 0;  // pic_order_cnt_lsb, for type 0
};
[[nodiscard]] Result<SliceHeader> ParseSliceHeader(std::span<const std::uint8_t> slice,
                                                   const SequenceHeader& sequence);

}  // namespace yagura::simulate
