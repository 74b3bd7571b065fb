#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/result.h"

namespace yagura {

/// A program that works for us in a process of its own, and how it is told what it is to be.
struct WorkerCommand {
  std::string program;
  std::vector<std::string> arguments;  // nothing secret: everybody on the machine can read them
};

struct StartedWorker {
  pid_t pid = -1;  // to be waited for by whoever started it
  int pipe = -1;  // our end of a socket pair, close-on-exec; the worker's is its standard input and
                  // output
};

/// Starts a worker that has no other descriptor of ours than its pipe and standard error, no signal
/// blocked, and of our environment what the loader and sanitizers read alone. Any thread.
/// kUnavailable: it can't be started.
[[nodiscard]] Result<StartedWorker> StartWorker(const WorkerCommand& command);

}  // namespace yagura
