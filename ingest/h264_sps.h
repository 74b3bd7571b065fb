#pragma once

#include <cstdint>
#include <span>

#include "core/result.h"

namespace yagura::ingest {

/// NAL unit types that we look at (ITU-T H.264 table 7-1).
enum H264NalType : std::uint8_t {
  kNalSliceNonIdr = 1,
  kNalSliceIdr = 5,
  kNalSei = 6,
  kNalSps = 7,
  kNalPps = 8,
};
[[nodiscard]] constexpr std::uint8_t H264TypeOf(std::uint8_t nal_header) { return nal_header & 31; }

/// What of a sequence parameter set we need.
struct H264Sps {
  std::uint8_t profile = 0;
  std::uint8_t level = 0;      // 40 is level 4
  std::uint32_t width_px = 0;  // cropped
  std::uint32_t height_px = 0;
  std::uint32_t reorder_depth = 0;       // 0..16
  std::uint32_t frame_interval_90k = 0;  // from the VUI; 0: not told
};

/// Reads a whole SPS NAL unit, header included, from untrusted bytes (ITU-T H.264 7.3.2.1.1 and
/// E.1.1). kInvalidArgument: it isn't one that the standard allows, or larger than 16384 pixels a
/// side.
///
/// Reorder depth: max_num_reorder_frames; where the stream doesn't tell, 0 for picture order count
/// type 2 and for intra-only profiles, else MaxDpbFrames of the level (E.2.1, A.3.1).
[[nodiscard]] Result<H264Sps> ParseH264Sps(std::span<const std::uint8_t> nal);

/// Whether an SEI NAL unit says that decoding can start at this very picture: a recovery point with
/// recovery_frame_cnt 0 (D.1.8). Looks at no more than its first 4096 bytes.
[[nodiscard]] bool IsRecoveryPoint(std::span<const std::uint8_t> sei_nal);

}  // namespace yagura::ingest
