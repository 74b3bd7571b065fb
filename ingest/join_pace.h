#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

#include "core/time.h"

namespace yagura::ingest {

/// When the next RTSP session may begin, over all cameras of a recorder: kAtOnce together, then one
/// each kEach. So 200 cameras that come back at once (a switch that was started again) are joined
/// within two seconds, without the others' frames having to wait behind all of them; one that comes
/// back alone waits for nothing. Asked only where a camera answers: those that are away take no
/// turn. Thread-safe.
class JoinPace {
 public:
  static constexpr int kAtOnce = 25;
  static constexpr std::chrono::milliseconds kEach{10};

  /// Takes a turn; it has come where it isn't later than `now`.
  [[nodiscard]] MonoTime Reserve(MonoTime now) {
    const std::scoped_lock lock(mutex_);
    last_ = std::max(last_, now - kAtOnce * kEach) + kEach;
    return last_;
  }

 private:
  std::mutex mutex_;
  MonoTime last_{};  // the turn taken last
};

}  // namespace yagura::ingest
