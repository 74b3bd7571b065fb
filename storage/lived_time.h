#pragma once

#include <cstddef>
#include <vector>

#include "core/time.h"

namespace yagura::storage {

/// Which wall time of a stream has footage already: where our clock is set back, what comes then
/// lies in a time lived twice, and is marked. Pure; one thread.
class LivedTime {
 public:
  /// Differences smaller than this are no second life: where a session's pairing with our clock
  /// begins, it may be off by some frames.
  static constexpr microseconds kLeast{500'000};
  /// More stretches than this aren't kept apart: those next to each other count as one.
  static constexpr std::size_t kStretchesMax = 1'024;

  /// All before `until` counts as lived.
  explicit LivedTime(WallTime until) : stretches_{{WallTime::min(), until}} {}

  void Add(const WallRange& recorded);
  /// Whether at least kLeast of `range` was lived.
  [[nodiscard]] bool Covers(const WallRange& range) const;

 private:
  void JoinTheClosest();

  std::vector<WallRange> stretches_;  // by time; apart from each other
};

}  // namespace yagura::storage
