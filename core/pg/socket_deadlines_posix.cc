#include "core/pg/socket_deadlines_posix.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace yagura::pg {

using SteadyTime = std::chrono::steady_clock::time_point;

SocketDeadlines::SocketDeadlines() : thread_([this] { Loop(); }) {}

SocketDeadlines::~SocketDeadlines() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

SocketDeadlines::Watch::Watch(SocketDeadlines& deadlines, int socket,
                              std::chrono::milliseconds timeout)
    : deadlines_(deadlines) {
  const std::scoped_lock lock(deadlines_.mutex_);
  number_ = deadlines_.next_++;
  const SteadyTime deadline = std::chrono::steady_clock::now() + timeout;
  const bool is_first = deadline < deadlines_.Earliest();
  deadlines_.watched_.emplace(number_, Entry{.socket = socket, .deadline = deadline});
  if (is_first) deadlines_.changed_.notify_all();
}

bool SocketDeadlines::Watch::End() {
  if (ended_) return overdue_;
  const std::scoped_lock lock(deadlines_.mutex_);
  const auto entry = deadlines_.watched_.find(number_);
  overdue_ = entry->second.overdue;
  deadlines_.watched_.erase(entry);
  ended_ = true;
  return overdue_;
}

SteadyTime SocketDeadlines::Earliest() const {
  SteadyTime earliest = SteadyTime::max();
  for (const auto& [number, entry] : watched_) {
    if (!entry.overdue) earliest = std::min(earliest, entry.deadline);
  }
  return earliest;
}

void SocketDeadlines::ShutDownOverdue(SteadyTime now) {
  for (auto& [number, entry] : watched_) {
    if (entry.overdue || entry.deadline > now) continue;
    entry.overdue = true;
    ::shutdown(entry.socket, SHUT_RDWR);
  }
}

void SocketDeadlines::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const SteadyTime earliest = Earliest();
    if (earliest == SteadyTime::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, earliest);
      ShutDownOverdue(std::chrono::steady_clock::now());
    }
  }
}

bool HasUnexpectedInput(int socket) {
  pollfd state{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&state, 1, 0) != 0;
}

}  // namespace yagura::pg
