#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace yagura::app {

/// Looks at pictures that can wait, shared by all cameras: each of them has one in kEach, and what
/// was not used is saved up to one for each. None to begin with, so that the cameras of a recorder
/// that starts aren't looked at at once. One thread.
class LookBudget {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kEach{900};
  static constexpr std::size_t kCamerasMin = 15;  // where there are fewer, as if there were so many

  explicit LookBudget(Time now) : at_(now) {}

  /// Time passes; of `now` that lies before, none.
  void Refill(Time now, std::size_t cameras) {
    const auto share = static_cast<double>(std::max(cameras, kCamerasMin));
    const std::chrono::duration<double> passed = std::max(now - at_, Time::duration{});
    looks_ = std::min(share, looks_ + share * (passed / kEach));
    at_ = now;
  }
  [[nodiscard]] bool Take() {
    if (looks_ < 1) return false;
    looks_ -= 1;
    return true;
  }

 private:
  Time at_;
  double looks_ = 0;
};

}  // namespace yagura::app
