#include "pictures/worker_process_posix.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/worker_start_posix.h"

namespace yagura::pictures {
namespace {

tl::unexpected<Error> Unavailable(const std::string& why) {
  return Failure(ErrorCode::kUnavailable, "a decode worker " + why);
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(
    const std::string& program, const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const StartedWorker started, StartWorker({program, arguments}));
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(started.pid, started.pipe));
}

WorkerProcess::~WorkerProcess() {
  ::close(pipe_);
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<WorkerProcess::Answer> WorkerProcess::Ask(const std::vector<SharedBytes>& order,
                                                 Deadline until) {
  std::array<std::uint8_t, kAnswerHeadBytes> head{};
  if (!WriteWhole(pipe_, order, until) || !ReadWhole(pipe_, head, until))
    return Unavailable("died, or takes too long");
  ASSIGN_OR_RETURN(const AnswerHead answer, ParseAnswerHead(head));
  std::vector<std::uint8_t> picture(answer.size_bytes);
  if (!ReadWhole(pipe_, picture, until)) return Unavailable("died within an answer");
  return Answer{answer.status, std::move(picture)};
}

}  // namespace yagura::pictures
