#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "simulate/unique_fd.h"

namespace yagura::simulate {

/// What happened to a descriptor.
struct FdEvent {
  std::uint64_t key = 0;  // as given to Watch
  bool readable = false;  // or closed, or broken
  bool writable = false;
};

/// Waits for descriptors, for an instant, and for Wake. All calls on one thread but Wake.
class EventLoop {
 public:
  [[nodiscard]] static Result<EventLoop> Create();

  /// Watches for readability, and for writability while asked for. Closing the descriptor ends it.
  /// Keys are from 1 on.
  [[nodiscard]] bool Watch(int fd, std::uint64_t key);
  void AlsoWritable(int fd, std::uint64_t key, bool writable);

  /// Sleeps until something happens, or until `deadline` of the machine's monotonic clock.
  [[nodiscard]] std::vector<FdEvent> Wait(MonoTime deadline);
  void Wake() const;

 private:
  UniqueFd epoll_;
  UniqueFd timer_;
  UniqueFd wake_;
};

/// Listens at `address` (IPv4 or IPv6), not blocking. kUnavailable: taken, or not ours.
[[nodiscard]] Result<UniqueFd> ListenAt(const std::string& address, std::uint16_t port);
[[nodiscard]] std::uint16_t PortOf(const UniqueFd& listener);
/// The next waiting client, not blocking and without Nagle's delay; invalid where there is none.
[[nodiscard]] UniqueFd AcceptClient(const UniqueFd& listener);

}  // namespace yagura::simulate
