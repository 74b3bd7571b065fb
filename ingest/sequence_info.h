#pragma once

#include <cstdint>
#include <span>

#include "core/rbsp_reader.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::ingest {

/// What we need of a sequence parameter set, of whatever codec.
struct SequenceInfo {
  std::uint32_t width_px = 0;  // cropped; 1..kMaxSidePx
  std::uint32_t height_px = 0;
  std::uint32_t reorder_depth = 0;       // 0..kMaxReorderDepth
  std::uint32_t frame_interval_90k = 0;  // from the VUI; 0: not told
};
inline constexpr std::uint32_t kMaxSidePx = 16'384;
inline constexpr std::uint32_t kMaxReorderDepth = 16;

[[nodiscard]] inline tl::unexpected<Error> BadSps(const std::string& why) {
  return Failure(ErrorCode::kInvalidArgument, "the sequence parameter set can't be read: " + why);
}

/// A frame of `ticks` times num_units_in_tick / time_scale, which come next; 0: can't be.
[[nodiscard]] inline std::uint32_t ReadFrameInterval(BitReader& bits, std::uint64_t ticks) {
  const std::uint64_t units = bits.Bits(32);
  const std::uint64_t scale = bits.Bits(32);
  if (units == 0 || scale == 0) return 0;
  const std::uint64_t interval = units * ticks * kMediaTimescale / scale;
  return interval <= 10 * kMediaTimescale ? static_cast<std::uint32_t>(interval) : 0;
}

}  // namespace yagura::ingest
