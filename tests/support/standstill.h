#pragma once

#include <chrono>
#include <mutex>
#include <stop_token>
#include <thread>

namespace yagura::testing {

/// How long the machine stood still while a promise was timed. A thread that only sleeps notes by
/// how much it wakes late: what a virtual machine was held up for is not what an answer took.
/// Thread-safe.
class Standstill {
 public:
  Standstill() : watching_([this](const std::stop_token& stop) { Watch(stop); }) {}

  /// All since this was made; nothing on a machine that goes on.
  [[nodiscard]] std::chrono::milliseconds so_far() const {
    const std::scoped_lock lock(mutex_);
    return std::chrono::floor<std::chrono::milliseconds>(noted_ + Late(Clock::now()));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kStep{10};
  static constexpr std::chrono::milliseconds kUsual{100};  // so late is everybody at times

  /// By how much the next wake-up is late at `now`; the caller holds the lock.
  [[nodiscard]] Clock::duration Late(Clock::time_point now) const {
    const auto late = now - woke_ - kStep;
    return late > kUsual ? late : Clock::duration::zero();
  }
  void Watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(kStep);
      const std::scoped_lock lock(mutex_);
      const auto now = Clock::now();
      noted_ += Late(now);
      woke_ = now;
    }
  }

  mutable std::mutex mutex_;  // guards the next two
  Clock::time_point woke_ = Clock::now();
  Clock::duration noted_{0};
  std::jthread watching_;  // last: what it uses is there
};

}  // namespace yagura::testing
