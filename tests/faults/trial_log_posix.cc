#include "tests/faults/trial_log_posix.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "core/check.h"

namespace yagura::testing {

namespace {

/// The kernel's last tick: what a file that is changed now is dated.
microseconds LastTick() {
  timespec now{};
  CHECK(::clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0);
  return std::chrono::seconds(now.tv_sec) +
         std::chrono::floor<microseconds>(std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace

TrialLog::TrialLog(std::string path)
    : path_(std::move(path)),
      fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  CHECK(fd_ >= 0);
}

TrialLog::~TrialLog() { ::close(fd_); }

void TrialLog::AwaitNextTick() {
  for (const microseconds begun = LastTick(); LastTick() == begun;)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void TrialLog::Tell(const std::string& lines) const {
  CHECK(::write(fd_, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
}

void TrialLog::TellTime(WallTime trial) const {
  const microseconds machine = LastTick();
  Tell("time " + std::to_string(trial.time_since_epoch().count()) + " " +
       std::to_string(machine.count()) + "\n");
}

WallTime TrialLog::TrialTimeAt(WallTime machine) const {
  std::ifstream lines(path_);
  WallTime found{};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("time ")) continue;
    std::istringstream words(line.substr(5));
    std::int64_t trial_us = 0;
    std::int64_t machine_us = 0;
    words >> trial_us >> machine_us;
    if (found != WallTime{} && WallTime(microseconds(machine_us)) > machine) break;
    found = WallTime(microseconds(trial_us));
  }
  return found;
}

}  // namespace yagura::testing
