#include "app/crash_handler_posix.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <memory>

#include "app/crash_file_posix.h"
#include "core/check.h"

namespace yagura::app {
namespace {

// A signal handler is given nothing of ours: what it needs lies where it can find it.
std::atomic<int> descriptor_for_crashes{-1};
BootId boot_of_crashes;
thread_local const ingest::ParsingNote* note_of_thread = nullptr;

/// A signal stack of one thread, for as long as that runs.
class SignalStack {
 public:
  SignalStack() : memory_(std::make_unique<std::uint8_t[]>(Size())) {
    stack_t stack{};
    stack.ss_sp = memory_.get();
    stack.ss_size = Size();
    CHECK(sigaltstack(&stack, &before_) == 0);
  }
  ~SignalStack() { (void)sigaltstack(&before_, nullptr); }  // the thread ends
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  /// The handler needs little, the processor's registers some kilobytes.
  static std::size_t Size() {
    return std::max<std::size_t>(64 * 1024, static_cast<std::size_t>(sysconf(_SC_SIGSTKSZ)));
  }
  std::unique_ptr<std::uint8_t[]> memory_;
  stack_t before_{};
};

WallTime NowByTheSystem() {
  timespec now{};
  (void)clock_gettime(CLOCK_REALTIME, &now);  // can't fail
  return WallTime(microseconds(std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000));
}

/// Whether the process itself is the cause: the kernel says so of faults, abort() sends to itself.
bool IsOurOwn(const siginfo_t& info) { return info.si_code > 0 || info.si_pid == getpid(); }

/// Async-signal-safe, as all that it calls: no memory, no locks, no log.
void NoteCrash(int signal, const siginfo_t& info) {
  const auto of = note_of_thread != nullptr ? note_of_thread->Read() : std::nullopt;
  if (!of || !IsOurOwn(info)) return;
  const auto bytes = EncodeCrashEntry(
      {of->camera, signal, NowByTheSystem(), Uptime(), boot_of_crashes, of->stream});
  // Where it can't be written, nobody is left to be told.
  (void)!write(descriptor_for_crashes.load(), bytes.data(), bytes.size());
}

/// The signal that it raises again waits until it returns; then the process ends where it crashed.
void OnCrash(int signal, siginfo_t* info, void*) {
  NoteCrash(signal, *info);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  (void)sigaction(signal, &standard, nullptr);  // can't fail for these signals
  (void)raise(signal);
}

}  // namespace

CrashHandler::CrashHandler(int descriptor, const BootId& boot) {
  CHECK(descriptor_for_crashes.exchange(descriptor) == -1);
  boot_of_crashes = boot;
  // What it calls chooses its way at the first call; that is not left to the handler.
  (void)EncodeCrashEntry({});
  struct sigaction action {};
  action.sa_sigaction = OnCrash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const int signal : kSignals) sigaddset(&action.sa_mask, signal);
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    CHECK(sigaction(kSignals[i], &action, &before_[i]) == 0);
}

CrashHandler::~CrashHandler() {
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    CHECK(sigaction(kSignals[i], &before_[i], nullptr) == 0);
  descriptor_for_crashes = -1;
}

void CrashHandler::Attach(const ingest::ParsingNote& note) {
  thread_local const SignalStack stack;
  (void)stack;  // made at the first call on a thread
  note_of_thread = &note;
}

}  // namespace yagura::app
