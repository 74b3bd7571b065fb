#include "pictures/worker_process_posix.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace yagura::pictures {
namespace {

tl::unexpected<Error> Unavailable(const std::string& why) {
  return Failure(ErrorCode::kUnavailable, "a decode worker " + why);
}

/// In the new process, before its program: nothing that is not async-signal-safe.
[[noreturn]] void Become(const char* program, char* const* arguments, int pipe) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const bool joined = dup2(pipe, STDIN_FILENO) >= 0 && dup2(pipe, STDOUT_FILENO) >= 0;
  if (joined && close_range(STDERR_FILENO + 1, ~0U, 0) == 0) execv(program, arguments);
  _exit(127);
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(
    const std::string& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return Unavailable(std::string("gets no pipe: ") + std::strerror(errno));
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) Become(program.c_str(), words.data(), ends[1]);
  ::close(ends[1]);
  if (pid < 0) {
    ::close(ends[0]);
    return Unavailable(std::string("can't be started: ") + std::strerror(errno));
  }
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(pid, ends[0]));
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
