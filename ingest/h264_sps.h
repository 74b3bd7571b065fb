#pragma once

#include <cstdint>
#include <span>

#include "core/result.h"
#include "ingest/sequence_info.h"

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

/// Reads a whole SPS NAL unit, header included, from untrusted bytes (ITU-T H.264 7.3.2.1.1 and
/// E.1.1). kInvalidArgument: it isn't one that the standard allows, or larger than kMaxSidePx.
///
/// Reorder depth: max_num_reorder_frames; where the stream doesn't tell, 0 for picture order count
/// type 2 and for intra-only profiles, else MaxDpbFrames of the level (E.2.1, A.3.1).
[[nodiscard]] Result<SequenceInfo> ParseH264Sps(std::span<const std::uint8_t> nal);

/// Whether an SEI NAL unit says that decoding can start at this very picture: a recovery point with
/// recovery_frame_cnt 0 (D.1.8). Looks at no more than its first 4096 bytes.
[[nodiscard]] bool IsRecoveryPoint(std::span<const std::uint8_t> sei_nal);

}  // namespace yagura::ingest
