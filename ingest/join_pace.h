#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

#include "core/time.h"

namespace yagura::ingest {

/// When the next session, or worker, may begin, over all cameras of a recorder: some together, then
/// one after the other. Asked only where a camera answers, or is to be pulled: those that are away
/// take no turn. Thread-safe.
class JoinPace {
 public:
  struct Pace {
    int at_once;
    std::chrono::milliseconds each;
  };
  explicit JoinPace(Pace pace) : pace_(pace) {}

  /// Takes a turn; it has come where it isn't later than `now`.
  [[nodiscard]] MonoTime Reserve(MonoTime now) {
    const std::scoped_lock lock(mutex_);
    last_ = std::max(last_, now - pace_.at_once * pace_.each) + pace_.each;
    return last_;
  }
  /// Of turns that are taken from now on.
  void Set(Pace pace) {
    const std::scoped_lock lock(mutex_);
    pace_ = pace;
  }

 private:
  std::mutex mutex_;
  Pace pace_;
  MonoTime last_{};  // the turn taken last
};

struct JoinPaces {
  /// 200 cameras that come back at once (a switch that was started again) are joined within two
  /// seconds, without the others' frames having to wait behind all of them; one that comes back
  /// alone waits for nothing.
  static constexpr JoinPace::Pace kSessions{25, std::chrono::milliseconds(10)};
  /// A worker is a program that starts, some 60 ms of a processor: 200 stand within 25 seconds, and
  /// half a processor stays for the others.
  static constexpr JoinPace::Pace kWorkers{5, std::chrono::milliseconds(120)};
  /// While workers of many cameras crash, and would again.
  static constexpr JoinPace::Pace kFailingWorkers{1, std::chrono::milliseconds(500)};

  JoinPace sessions{kSessions};
  JoinPace workers{kWorkers};
};

}  // namespace yagura::ingest
