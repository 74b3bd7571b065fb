#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

#include "core/time.h"

namespace yagura::ingest {

/// When the next session may begin, over all cameras of a recorder: some together, then one after
/// the other. Asked only where a camera answers: those that are away take no turn. Thread-safe.
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

 private:
  std::mutex mutex_;
  const Pace pace_;
  MonoTime last_{};  // the turn taken last
};

}  // namespace yagura::ingest
