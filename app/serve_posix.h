#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace yagura::app {

/// A process that `yagura serve` keeps running.
struct ServedProcess {
  std::string name;                    // "record"
  std::vector<std::string> arguments;  // of the program itself: {"record", "--config", …}
  bool reloads = false;                // is told by SIGHUP to read its configuration again
};

struct ServeOptions {
  std::string program;  // path of the executable
  /// Started in this order, stopped in the reverse one.
  std::vector<ServedProcess> processes;
  /// How long one may take to stop before it is killed.
  milliseconds stop_timeout{15'000};
  /// A child that ended is started again at once, and later after this much more each time, up to
  /// the last. One that has run for a minute starts afresh. One that a signal ended is started
  /// again at once, or after one step where it had run for less than a second: while a camera's
  /// bytes crash the recorder, all others wait for it.
  milliseconds restart_delay_step{500};
  milliseconds restart_delay_max{5'000};
};

/// Starts all, starts again whichever ends, until SIGTERM or SIGINT; then stops all. SIGHUP is
/// passed on to those that take it. The children get SIGTERM should the parent die. kUnavailable: a
/// child could not be started at all.
[[nodiscard]] Result<void> Serve(const ServeOptions& options);

}  // namespace yagura::app
