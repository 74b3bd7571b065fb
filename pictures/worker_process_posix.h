#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "pictures/picture_message.h"
#include "pictures/pipe.h"

namespace yagura::pictures {

/// One worker process and the pipe to it; killed in the end. One thread at a time.
class WorkerProcess {
 public:
  /// Runs `program` with `arguments`; its standard input and output are the pipe. kUnavailable: it
  /// can't be started.
  [[nodiscard]] static Result<std::unique_ptr<WorkerProcess>> Start(
      const std::string& program, const std::vector<std::string>& arguments);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  struct Answer {
    PictureStatus status = PictureStatus::kDone;
    std::vector<std::uint8_t> picture;
  };
  /// kUnavailable: it died, hangs, or answered nonsense; it must not be asked again.
  [[nodiscard]] Result<Answer> Ask(const std::vector<SharedBytes>& order, Deadline until);

  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  WorkerProcess(pid_t pid, int pipe) : pid_(pid), pipe_(pipe) {}
  const pid_t pid_;
  const int pipe_;
};

}  // namespace yagura::pictures
