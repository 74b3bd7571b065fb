#pragma once

#include <mutex>

#include "core/time.h"

namespace yagura::testing {

/// A clock that stands until a test moves it. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime now = WallTime(std::chrono::seconds(1'800'000'000))) : wall_(now) {}

  [[nodiscard]] WallTime Now() const override {
    const std::scoped_lock lock(mutex_);
    return wall_;
  }
  [[nodiscard]] MonoTime Monotonic() const override {
    const std::scoped_lock lock(mutex_);
    return mono_;
  }
  /// Time passes: both clocks move.
  void Advance(microseconds by) {
    const std::scoped_lock lock(mutex_);
    wall_ += by;
    mono_ += by;
  }
  /// Someone sets the wall clock: only that one moves.
  void StepWall(microseconds by) {
    const std::scoped_lock lock(mutex_);
    wall_ += by;
  }

 private:
  mutable std::mutex mutex_;
  WallTime wall_;
  MonoTime mono_{std::chrono::seconds(1000)};
};

}  // namespace yagura::testing
