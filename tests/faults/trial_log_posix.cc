#include "tests/faults/trial_log_posix.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

#include "core/check.h"

namespace yagura::testing {

TrialLog::TrialLog(std::string path)
    : path_(std::move(path)),
      fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  CHECK(fd_ >= 0);
}

TrialLog::~TrialLog() { ::close(fd_); }

void TrialLog::Tell(const std::string& lines) const {
  CHECK(::write(fd_, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
}

void TrialLog::TellTime(WallTime trial) const {
  const auto machine =
      std::chrono::floor<microseconds>(std::chrono::system_clock::now()).time_since_epoch();
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
    // A file's time is that of the kernel's last tick: up to 10 ms early.
    if (found != WallTime{} && WallTime(microseconds(machine_us)) > machine) break;
    found = WallTime(microseconds(trial_us));
  }
  return found;
}

}  // namespace yagura::testing
