#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "core/ids.h"

namespace yagura::app {

/// A camera's pull worker was ended by a signal.
struct WorkerDeath {
  CameraId camera;
  int signal = 0;
};

/// Where reader threads leave such deaths until somebody has time for them. Thread-safe.
class WorkerDeaths {
 public:
  void Add(CameraId camera, int signal) {
    const std::scoped_lock lock(mutex_);
    // Each camera's deaths are seconds apart; more are told by those that are kept.
    if (deaths_.size() < kMax) deaths_.push_back({camera, signal});
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
