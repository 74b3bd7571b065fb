#include "ingest/camera_socket_posix.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/check.h"

namespace yagura::ingest {
namespace {

tl::unexpected<Error> SystemFailure(const std::string& what, int number) {
  return Failure(ErrorCode::kUnavailable, what + ": " + std::generic_category().message(number));
}

bool NotNow(int number) { return number == EAGAIN || number == EINTR; }

}  // namespace

Result<void> CameraSocket::Connect(const SocketAddress& address) {
  CHECK(!open());
  fd_ = socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return SystemFailure("socket", errno);
  const int on = 1;
  // Without it requests only come later.
  (void)setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Watch(EPOLLOUT, EPOLL_CTL_ADD);
  const auto* to = reinterpret_cast<const sockaddr*>(&address.storage);
  if (connect(fd_, to, address.size) != 0 && errno != EINPROGRESS)
    return SystemFailure("connect", errno);
  return {};
}

Result<void> CameraSocket::FinishConnect() {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return SystemFailure("connect", error);
  Watch(EPOLLIN, EPOLL_CTL_MOD);
  return {};
}

void CameraSocket::Adopt(int connected) {
  CHECK(!open());
  fd_ = connected;
  Watch(EPOLLIN, EPOLL_CTL_ADD);
}

Result<std::optional<std::size_t>> CameraSocket::Receive(std::span<std::uint8_t> room) {
  const ssize_t got = recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
  if (got >= 0) return static_cast<std::size_t>(got);
  if (NotNow(errno)) return std::nullopt;
  return SystemFailure("recv", errno);
}

Result<void> CameraSocket::Send(std::string& outbox) {
  const ssize_t sent = send(fd_, outbox.data(), outbox.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && !NotNow(errno)) return SystemFailure("send", errno);
  if (sent > 0) outbox.erase(0, static_cast<std::size_t>(sent));
  const std::uint32_t wanted = outbox.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT;
  if (watched_events_ != wanted) Watch(wanted, EPOLL_CTL_MOD);
  return {};
}

void CameraSocket::SendLast(const std::string& text) {
  (void)!send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);  // it is closed next
}

void CameraSocket::SetLeastToRead(std::size_t size_bytes) {
  const int least = static_cast<int>(size_bytes);
  // Where the kernel refuses, every packet wakes us: dearer, not wrong.
  (void)setsockopt(fd_, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
}

/// A process that another thread starts just now may hold a copy of the descriptor for a moment,
/// and epoll goes on for as long as any is open: so it is told.
void CameraSocket::Close() {
  if (fd_ < 0) return;
  (void)epoll_ctl(epoll_, EPOLL_CTL_DEL, fd_, nullptr);  // no connection was watched yet
  close(fd_);
  fd_ = -1;
}

void CameraSocket::Watch(std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = owner_;
  CHECK(epoll_ctl(epoll_, operation, fd_, &event) == 0);
  watched_events_ = events;
}

}  // namespace yagura::ingest
