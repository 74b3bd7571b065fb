#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/result.h"
#include "simulate/frame_rate.h"

namespace yagura::simulate {

inline constexpr std::size_t kH265NalHeaderBytes = 2;

/// NAL unit types that matter to us (ISO/IEC 23008-2, table 7-1).
enum H265Nal : std::uint8_t {
  kH265NalRasl = 9,
  kH265NalBlaFirst = 16,
  kH265NalIdrWRadl = 19,
  kH265NalIdrNLp = 20,
  kH265NalCra = 21,
  kH265NalVps = 32,
  kH265NalSps = 33,
  kH265NalPps = 34,
  kH265NalDelimiter = 35,
  kH265NalPrefixSei = 39,
};
[[nodiscard]] inline std::uint8_t H265NalTypeOf(std::span<const std::uint8_t> nal) {
  return nal.front() >> 1 & 0x3f;
}
[[nodiscard]] inline bool IsH265Slice(std::uint8_t type) {
  return type <= kH265NalRasl || (type >= kH265NalBlaFirst && type <= kH265NalCra);
}
[[nodiscard]] inline bool IsH265Irap(std::uint8_t type) {
  return type >= kH265NalBlaFirst && type <= kH265NalCra;
}
[[nodiscard]] inline bool IsH265Idr(std::uint8_t type) {
  return type == kH265NalIdrWRadl || type == kH265NalIdrNLp;
}
/// Of those that are no slices (7.4.2.4.4).
[[nodiscard]] inline bool OpensH265AccessUnit(std::uint8_t type) {
  return (type >= kH265NalVps && type <= kH265NalDelimiter) || type == kH265NalPrefixSei;
}
/// Whether picture order counts of later pictures go on from this one: it is of the lowest temporal
/// sub-layer, leads no other picture, and is no sub-layer non-reference picture (8.3.1).
[[nodiscard]] bool IsH265OrderReference(std::span<const std::uint8_t> slice);

/// What a sequence parameter set says about the order and rate of pictures (7.3.2.2, E.2.1).
struct H265SequenceHeader {
  std::uint32_t order_bits = 4;  // of slice_pic_order_cnt_lsb
  bool separate_colour_planes = false;
  /// From the VUI; not found behind scaling lists and predicted sets of reference pictures.
  std::optional<FrameRate> rate;
};
/// kInvalidArgument: broken.
[[nodiscard]] Result<H265SequenceHeader> ParseH265SequenceHeader(std::span<const std::uint8_t> sps);

/// What a picture parameter set says about slice headers (7.3.2.3).
struct H265PictureHeader {
  bool output_flag_present = false;
  std::uint32_t extra_slice_header_bits = 0;
};
[[nodiscard]] Result<H265PictureHeader> ParseH265PictureHeader(std::span<const std::uint8_t> pps);

/// The start of a slice segment header (7.3.6).
struct H265SliceHeader {
  bool first_of_picture = false;
  std::uint32_t order_lsb = 0;  // read for the picture's first segment only
};
[[nodiscard]] Result<H265SliceHeader> ParseH265SliceHeader(std::span<const std::uint8_t> slice,
                                                           const H265SequenceHeader& sequence,
                                                           const H265PictureHeader& picture);

}  // namespace yagura::simulate
