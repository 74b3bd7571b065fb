#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"

namespace yagura::testing {

/// What a trial has done so far, told line by line to a file on a file system that is not at fault.
/// A line is there once Tell has returned, whatever becomes of the process; tests/faults/trial.py
/// knows what they mean. Thread-safe.
class TrialLog {
 public:
  /// Goes on with the file at `path`, or begins it. Ends the process where that can't be done.
  explicit TrialLog(std::string path);
  ~TrialLog();
  TrialLog(const TrialLog&) = delete;
  TrialLog& operator=(const TrialLog&) = delete;

  /// Returns once files that are changed from now on are dated later than those changed before:
  /// their times are the kernel's ticks, between which much of a trial may happen.
  static void AwaitNextTick();

  /// `lines` end in a line break each.
  void Tell(const std::string& lines) const;
  /// The trial's time is `trial` now.
  void TellTime(WallTime trial) const;
  /// The trial's time at `machine`, by which a file is dated: the latest that was told in that
  /// tick.
  [[nodiscard]] WallTime TrialTimeAt(WallTime machine) const;

 private:
  const std::string path_;
  int fd_ = -1;
};

}  // namespace yagura::testing
