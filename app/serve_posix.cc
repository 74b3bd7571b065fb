#include "app/serve_posix.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "app/signals_posix.h"
#include "core/log.h"

namespace yagura::app {
namespace {

using std::chrono::steady_clock;

constexpr milliseconds kSteadyAfter{60'000};
constexpr milliseconds kStartedAfter{1'000};

std::string LastError() { return std::strerror(errno); }

/// In the new process, before its program: nothing that is not async-signal-safe.
[[noreturn]] void Become(const char* program, char* const* arguments, pid_t parent) {
  UnblockSignals();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);  // the parent died before prctl
  execv(program, arguments);
  _exit(127);
}

class Child {
 public:
  Child(const ServeOptions& options, const ServedProcess& process)
      : options_(options), process_(process) {}

  [[nodiscard]] Result<void> Start() {
    std::vector<char*> arguments{const_cast<char*>(options_.program.c_str())};
    for (const std::string& argument : process_.arguments) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0)
      return Failure(ErrorCode::kUnavailable, "can't start " + process_.name + ": " + LastError());
    if (pid == 0) Become(options_.program.c_str(), arguments.data(), parent);
    pid_ = pid;
    started_ = steady_clock::now();
    due_.reset();
    log::Info("started", {{"process", process_.name}, {"pid", std::int64_t{pid}}});
    return {};
  }

  /// Notes its end, if this is the pid that ended, and when to start it again.
  void OnEnded(pid_t pid, int status, bool stopping) {
    if (pid != pid_) return;
    pid_ = -1;
    if (stopping) return;
    const auto now = steady_clock::now();
    if (now - started_ >= kSteadyAfter) restarts_ = 0;
    const milliseconds delay = DelayAfter(status, now - started_);
    ++restarts_;
    due_ = now + delay;
    log::Error("ended; starting it again", {{"process", process_.name},
                                            {"how", Describe(status)},
                                            {"delay_ms", std::int64_t{delay.count()}}});
  }

  [[nodiscard]] bool Due() const { return due_.has_value() && *due_ <= steady_clock::now(); }
  [[nodiscard]] bool waiting() const { return due_.has_value(); }
  [[nodiscard]] bool running() const { return pid_ > 0; }
  void Signal(int signal) const {
    if (pid_ > 0) kill(pid_, signal);
  }
  [[nodiscard]] const std::string& name() const { return process_.name; }
  [[nodiscard]] bool reloads() const { return process_.reloads; }

 private:
  [[nodiscard]] milliseconds DelayAfter(int status, steady_clock::duration ran) const {
    const milliseconds longer =
        std::min(restarts_ * options_.restart_delay_step, options_.restart_delay_max);
    if (!WIFSIGNALED(status)) return longer;
    return ran >= kStartedAfter ? milliseconds(0) : std::min(longer, options_.restart_delay_step);
  }
  static std::string Describe(int status) {
    if (WIFSIGNALED(status)) return std::string("signal ") + std::to_string(WTERMSIG(status));
    return "exit code " + std::to_string(WEXITSTATUS(status));
  }

  const ServeOptions& options_;
  const ServedProcess& process_;
  pid_t pid_ = -1;
  int restarts_ = 0;
  steady_clock::time_point started_{};
  std::optional<steady_clock::time_point> due_;
};

class Family {
 public:
  explicit Family(const ServeOptions& options) : options_(options) {
    for (const ServedProcess& process : options.processes)
      children_.emplace_back(options_, process);
  }

  [[nodiscard]] Result<void> StartAll() {
    for (Child& child : children_) RETURN_IF_ERROR(child.Start());
    return {};
  }
  void StartDue() {
    for (Child& child : children_) {
      if (!child.Due()) continue;
      if (const auto started = child.Start(); !started)
        log::Error("can't start", {{"error", started.error()}});
    }
  }
  void Reap(bool stopping) {
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
      for (Child& child : children_) child.OnEnded(pid, status, stopping);
    }
  }
  [[nodiscard]] bool AnyWaiting() const {
    return std::any_of(children_.begin(), children_.end(),
                       [](const Child& c) { return c.waiting(); });
  }
  void Reload() const {
    for (const Child& child : children_) {
      if (child.reloads()) child.Signal(SIGHUP);
    }
  }
  void StopAll(StopSignals& signals) {
    for (auto child = children_.rbegin(); child != children_.rend(); ++child) Stop(*child, signals);
  }

 private:
  void Stop(Child& child, StopSignals& signals) {
    child.Signal(SIGTERM);
    const auto deadline = steady_clock::now() + options_.stop_timeout;
    while (child.running() && steady_clock::now() < deadline) {
      (void)signals.Await(milliseconds(100));  // already stopping
      Reap(true);
    }
    if (!child.running()) return;
    log::Error("does not stop; killed", {{"process", child.name()}});
    child.Signal(SIGKILL);
    while (child.running()) {
      (void)signals.Await(milliseconds(100));  // already stopping
      Reap(true);
    }
  }

  const ServeOptions& options_;
  std::vector<Child> children_;
};

}  // namespace

Result<void> Serve(const ServeOptions& options) {
  StopSignals signals(StopSignals::AlsoWake::kReloadAndEndedChildren);
  Family family(options);
  const Result<void> started = family.StartAll();
  while (started.has_value()) {
    if (signals.Await(milliseconds(family.AnyWaiting() ? 100 : 5'000))) break;
    family.Reap(false);
    if (signals.TakeReload()) family.Reload();
    family.StartDue();
  }
  family.StopAll(signals);
  return started;
}

}  // namespace yagura::app
