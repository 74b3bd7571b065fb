#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "core/camera_stream.h"

namespace yagura::app {

/// A stream's pull worker was ended by a signal.
struct WorkerDeath {
  CameraStream of;
  int signal = 0;
};

/// Where reader threads leave such deaths until somebody has time for them. Thread-safe.
class WorkerDeaths {
 public:
  void Add(CameraStream of, int signal) {
    const std::scoped_lock lock(mutex_);
    // Each camera's deaths are seconds apart; more are told by those that are kept.
    if (deaths_.size() < kMax) deaths_.push_back({of, signal});
  }
  [[nodiscard]] std::vector<WorkerDeath> Take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(deaths_, {});
  }

 private:
  static constexpr std::size_t kMax = 10'000;
  std::mutex mutex_;
  std::vector<WorkerDeath> deaths_;
};

}  // namespace yagura::app
