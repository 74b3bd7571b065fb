#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "pictures/pipe.h"

namespace yagura::pictures {
namespace {

constexpr std::size_t kWriteMax = std::size_t{1} << 20;

bool AwaitEvent(int descriptor, short events, const Deadline& until) {
  while (true) {
    int timeout_ms = -1;
    if (until) {
      const auto left = *until - std::chrono::steady_clock::now();
      const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
      timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left_ms, 0, 3'600'000));
    }
    pollfd one{descriptor, events, 0};
    const int ready = ::poll(&one, 1, timeout_ms);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool WriteAll(int descriptor, std::span<const std::uint8_t> bytes, const Deadline& until) {
  while (!bytes.empty()) {
    if (!AwaitEvent(descriptor, POLLOUT, until)) return false;
    const ssize_t written =
        ::send(descriptor, bytes.data(), std::min(bytes.size(), kWriteMax), MSG_NOSIGNAL);
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

bool ReadWhole(int descriptor, std::span<std::uint8_t> to, Deadline until) {
  while (!to.empty()) {
    if (!AwaitEvent(descriptor, POLLIN, until)) return false;
    const ssize_t got = ::read(descriptor, to.data(), to.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return false;
    to = to.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool WriteWhole(int descriptor, const std::vector<SharedBytes>& parts, Deadline until) {
  return std::all_of(parts.begin(), parts.end(), [&](const SharedBytes& part) {
    return WriteAll(descriptor, part.bytes(), until);
  });
}

}  // namespace yagura::pictures
