#pragma once

#include "core/time.h"

namespace yagura::app {

/// SIGTERM and SIGINT as an answer, not as an interruption. Made by main's thread before any other
/// thread starts, so that all inherit that these signals are blocked.
class StopSignals {
 public:
  /// What ends a wait early without being a stop: SIGHUP (TakeReload), and SIGCHLD.
  enum class AlsoWake { kNothing, kReload, kReloadAndEndedChildren };
  explicit StopSignals(AlsoWake also = AlsoWake::kNothing);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Waits at most `timeout`; true once the process was asked to stop, then and ever after.
  [[nodiscard]] bool Await(milliseconds timeout);
  /// Whether, since the last call, the process was asked to read its configuration again.
  [[nodiscard]] bool TakeReload();

 private:
  int fd_ = -1;
  bool stop_ = false;
  bool reload_ = false;
};

/// In a new process, before its program: signals as a program expects to find them.
void UnblockSignals();

}  // namespace yagura::app
