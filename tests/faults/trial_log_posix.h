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

  /// `lines` end in a line break each.
  void Tell(const std::string& lines) const;
  /// The trial's time is `trial` now.
  void TellTime(WallTime trial) const;
  /// The trial's time at `machine`, an instant of the machine's clock: as the log has it.
  [[nodiscard]] WallTime TrialTimeAt(WallTime machine) const;

 private:
  const std::string path_;
  int fd_ = -1;
};

}  // namespace yagura::testing
