#pragma once

#include <optional>

#include "core/time.h"

namespace yagura::storage {

/// Notices that somebody set our clock, by the monotonic one beside it. Pure; one thread.
class ClockWatch {
 public:
  /// Smaller steps are slewed, as a time service does it; those that add up to this are one.
  static constexpr microseconds kLeast{500'000};

  struct Step {
    WallTime before{};  // what it would have shown
    WallTime after{};
  };
  /// To be called often; the first call notes how things are.
  [[nodiscard]] std::optional<Step> Look(WallTime wall, MonoTime mono) {
    const microseconds offset =
        wall.time_since_epoch() - std::chrono::duration_cast<microseconds>(mono.time_since_epoch());
    const microseconds moved = offset - offset_.value_or(offset);
    if (offset_ && std::chrono::abs(moved) < kLeast) return std::nullopt;
    const bool first = !offset_;
    offset_ = offset;
    if (first) return std::nullopt;
    return Step{wall - moved, wall};
  }

 private:
  std::optional<microseconds> offset_;
};

}  // namespace yagura::storage
