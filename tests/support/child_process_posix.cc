#include "tests/support/child_process_posix.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>
#include <utility>

#include "core/check.h"

namespace yagura::testing {
namespace {

constexpr std::size_t kInputMaxBytes = 32 * 1024;  // fits a pipe, so that writing it never waits
constexpr int kExitNotStarted = 127;
constexpr std::chrono::milliseconds kPollInterval{2};

struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
};

/// Everything the new process needs, made before the fork: after it only async-signal-safe calls
/// are allowed.
struct Prepared {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::optional<Identity> identity;
  int input = -1;
  int output = -1;
  int signal_with_parent = 0;
  pid_t parent = 0;
};

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Result<std::optional<Identity>> FindIdentity(const std::string& user) {
  if (user.empty()) return std::optional<Identity>();
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr) {
    return Failure(ErrorCode::kUnavailable,
                   "no system user \"" + user + "\": run deploy/install-dependencies");
  }
  return std::optional<Identity>(Identity{entry->pw_uid, entry->pw_gid});
}

int OpenInput(const std::string& input) {
  if (input.empty()) return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  CHECK(input.size() <= kInputMaxBytes);
  std::array<int, 2> ends{};
  CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0);
  CHECK(::write(ends[1], input.data(), input.size()) == static_cast<ssize_t>(input.size()));
  ::close(ends[1]);
  return ends[0];
}

bool TakeOn(const Identity& identity) {
  return ::setgroups(0, nullptr) == 0 &&
         ::setresgid(identity.gid, identity.gid, identity.gid) == 0 &&
         ::setresuid(identity.uid, identity.uid, identity.uid) == 0;
}

[[noreturn]] void Become(const Prepared& prepared) {
  ::dup2(prepared.input, STDIN_FILENO);
  if (prepared.output >= 0) {
    ::dup2(prepared.output, STDOUT_FILENO);
    ::dup2(prepared.output, STDERR_FILENO);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  // Taking on another user clears the parent-death signal, so it is asked for afterwards.
  if (prepared.identity && !TakeOn(*prepared.identity)) ::_exit(kExitNotStarted);
  ::prctl(PR_SET_PDEATHSIG, prepared.signal_with_parent);
  if (::getppid() != prepared.parent) ::_exit(kExitNotStarted);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execvpe(prepared.arguments.front(), prepared.arguments.data(), prepared.environment.data());
  ::_exit(kExitNotStarted);
}

}  // namespace

Result<ChildProcess> ChildProcess::Start(const ChildOptions& options) {
  Prepared prepared;
  ASSIGN_OR_RETURN(prepared.identity, FindIdentity(options.user));
  prepared.arguments = Pointers(options.arguments);
  prepared.environment = Pointers(options.environment);
  if (options.environment.empty()) {
    prepared.environment.clear();
    for (char** entry = environ; *entry != nullptr; ++entry) prepared.environment.push_back(*entry);
    prepared.environment.push_back(nullptr);
  }
  prepared.signal_with_parent = options.signal_with_parent;
  prepared.parent = ::getpid();
  prepared.input = OpenInput(options.input);
  if (!options.output.empty()) {
    prepared.output =
        ::open(options.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  }
  const pid_t pid = ::fork();
  if (pid == 0) Become(prepared);
  ::close(prepared.input);
  if (prepared.output >= 0) ::close(prepared.output);
  if (pid < 0)
    return Failure(ErrorCode::kUnavailable, "can't start \"" + options.arguments.front() + "\"");
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), ended_(other.ended_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(ended_, other.ended_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0 || ended_) return;
  Signal(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::Signal(int number) const {
  if (pid_ > 0 && !ended_) ::kill(pid_, number);
}

std::optional<ExitStatus> ChildProcess::Poll() {
  int status = 0;
  if (pid_ > 0 && !ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    ended_ = WIFEXITED(status) ? ExitStatus{.code = WEXITSTATUS(status), .signal = 0}
                               : ExitStatus{.code = -1, .signal = WTERMSIG(status)};
  }
  return ended_;
}

Result<ExitStatus> ChildProcess::Wait(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    if (const auto ended = Poll()) return *ended;
    if (std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kPollInterval);
  }
  return Failure(ErrorCode::kDeadlineExceeded, "process " + std::to_string(pid_) +
                                                   " still runs after " +
                                                   std::to_string(timeout.count()) + " ms");
}

Result<void> RunToEnd(const ChildOptions& options, std::chrono::milliseconds timeout) {
  ASSIGN_OR_RETURN(ChildProcess child, ChildProcess::Start(options));
  ASSIGN_OR_RETURN(const ExitStatus status, child.Wait(timeout));
  if (status.code == 0) return {};
  return Failure(ErrorCode::kInternal,
                 options.arguments.front() + " ended with code " + std::to_string(status.code) +
                     ", signal " + std::to_string(status.signal) + ": " + TailOf(options.output));
}

TemporaryFolder::TemporaryFolder() {
  std::string name = "/tmp/yg-XXXXXX";
  CHECK(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code
      ignored;  // what can't be removed stays in /tmp; a test's result doesn't hang on it
  std::filesystem::remove_all(path_, ignored);
}

std::string TailOf(const std::filesystem::path& file, std::size_t bytes_max) {
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return text.size() > bytes_max ? text.substr(text.size() - bytes_max) : text;
}

}  // namespace yagura::testing
