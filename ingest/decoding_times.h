#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace yagura::ingest {

/// Makes decoding times, which RTP doesn't carry. With a reorder depth of N, the k-th frame in
/// decoding order is decoded at the (k-N)-th smallest presentation time; the first N are set before
/// the first presentation time, one usual interval apart. Strictly rising, also where a stream
/// reorders more than it declares. Pure; one thread.
class DecodingTimes {
 public:
  static constexpr std::uint32_t kMaxReorderDepth = 16;

  /// A timeline begins with a frame at `first_pts`.
  void Start(std::uint32_t reorder_depth, MediaTime first_pts, std::int64_t usual_interval_90k);
  /// The decoding time of the next frame in decoding order.
  [[nodiscard]] MediaTime Next(MediaTime pts);

 private:
  std::array<std::int64_t, kMaxReorderDepth + 1>
      waiting_{};  // presentation times not yet used, rising
  std::size_t waiting_count_ = 0;
  std::uint32_t depth_ = 0;
  std::int64_t next_before_first_ = 0;
  std::int64_t interval_ = 0;
  std::int64_t last_ = INT64_MIN;
};

}  // namespace yagura::ingest
