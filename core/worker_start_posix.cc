#include "core/worker_start_posix.h"

#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "core/check.h"

namespace yagura {
namespace {

tl::unexpected<Error> CannotStart(int number) {
  return Failure(ErrorCode::kUnavailable,
                 "a worker can't be started: " + std::generic_category().message(number));
}

/// What the loader and sanitizers read. Nothing else: credentials of services, and what else an
/// operator gives the recorder, are no business of a process that reads what strangers send.
constexpr std::array<std::string_view, 6> kPassedOn{
    "LD_LIBRARY_PATH=", "LD_PRELOAD=",   "ASAN_OPTIONS=",
    "LSAN_OPTIONS=",    "TSAN_OPTIONS=", "UBSAN_OPTIONS="};

/// Of ours, as posix_spawn takes it; read by whoever doesn't change it meanwhile.
std::vector<char*> PassedOn() {
  std::vector<char*> passed;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (std::ranges::any_of(kPassedOn,
                            [&](std::string_view name) { return text.starts_with(name); }))
      passed.push_back(*entry);
  }
  passed.push_back(nullptr);
  return passed;
}

/// What the new process does before it becomes the program.
class Preparations {
 public:
  explicit Preparations(int pipe) {
    CHECK(posix_spawn_file_actions_init(&actions_) == 0);
    CHECK(posix_spawnattr_init(&attributes_) == 0);
    sigset_t none;
    sigemptyset(&none);
    CHECK(posix_spawnattr_setsigmask(&attributes_, &none) == 0);
    CHECK(posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions_, pipe, STDIN_FILENO) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions_, pipe, STDOUT_FILENO) == 0);
    CHECK(posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1) == 0);
  }
  ~Preparations() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Preparations(const Preparations&) = delete;
  Preparations& operator=(const Preparations&) = delete;

  /// 0, or why not. The parent's memory isn't copied: a large process starts workers as fast as a
  /// small one.
  int Spawn(const WorkerCommand& command, pid_t& pid) const {
    std::vector<char*> words{const_cast<char*>(command.program.c_str())};
    for (const std::string& argument : command.arguments)
      words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    std::vector<char*> environment = PassedOn();
    return posix_spawn(&pid, command.program.c_str(), &actions_, &attributes_, words.data(),
                       environment.data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Result<StartedWorker> StartWorker(const WorkerCommand& command) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return CannotStart(errno);
  StartedWorker worker{.pipe = ends[0]};
  const int failed = Preparations(ends[1]).Spawn(command, worker.pid);
  ::close(ends[1]);
  if (failed == 0) return worker;
  ::close(ends[0]);
  return CannotStart(failed);
}

}  // namespace yagura
