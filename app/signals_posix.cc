#include "app/signals_posix.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "core/check.h"

namespace yagura::app {

StopSignals::StopSignals(AlsoWake also) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  if (also == AlsoWake::kReloadAndEndedChildren) sigaddset(&set, SIGCHLD);
  if (also != AlsoWake::kNothing) sigaddset(&set, SIGHUP);
  CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  CHECK(fd_ >= 0);
  CHECK(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR);
}

StopSignals::~StopSignals() { close(fd_); }

bool StopSignals::Await(milliseconds timeout) {
  if (stop_) timeout = milliseconds(0);
  pollfd waiting{fd_, POLLIN, 0};
  (void)poll(&waiting, 1, static_cast<int>(timeout.count()));  // an interrupted wait is a short one
  signalfd_siginfo info{};
  while (read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo == SIGHUP)
      reload_ = true;
    else if (info.ssi_signo != SIGCHLD)
      stop_ = true;
  }
  return stop_;
}

bool StopSignals::TakeReload() { return std::exchange(reload_, false); }

void UnblockSignals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)std::signal(SIGPIPE, SIG_DFL);  // can't fail for this signal
}

}  // namespace yagura::app
