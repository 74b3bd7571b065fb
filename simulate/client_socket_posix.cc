#include <sys/socket.h>

#include <cerrno>

#include "simulate/client_socket.h"

namespace yagura::simulate {
namespace {

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

std::optional<std::span<const std::uint8_t>> ClientSocket::Receive(std::span<std::uint8_t> buffer) {
  const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) return buffer.first(static_cast<std::size_t>(got));
  if (got < 0 && WouldBlock()) return buffer.first(0);
  return std::nullopt;
}

std::optional<std::size_t> ClientSocket::Write(std::span<const std::uint8_t> bytes) {
  const ssize_t put = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (put < 0 && !WouldBlock()) return std::nullopt;
  const std::size_t size = put < 0 ? 0 : static_cast<std::size_t>(put);
  sent_bytes_ += size;
  return size;
}

bool ClientSocket::Send(std::span<const std::uint8_t> bytes, const SentFrame* frame) {
  std::size_t put = 0;
  if (waiting_bytes() == 0) {
    const auto written = Write(bytes);
    if (!written) return false;
    put = *written;
  }
  if (put == bytes.size()) {
    if (frame != nullptr) on_frame_sent_(*frame);
    return true;
  }
  const auto rest = bytes.subspan(put);
  waiting_.insert(waiting_.end(), rest.begin(), rest.end());
  if (frame != nullptr) marks_.push_back({sent_bytes_ + waiting_bytes(), *frame});
  return true;
}

bool ClientSocket::Resume() {
  const auto written = Write(std::span(waiting_).subspan(taken_));
  if (!written) return false;
  taken_ += *written;
  while (!marks_.empty() && marks_.front().end_bytes <= sent_bytes_) {
    on_frame_sent_(marks_.front().frame);
    marks_.pop_front();
  }
  constexpr std::size_t kCompactAt = std::size_t{1} << 20;
  if (waiting_bytes() == 0 || taken_ >= kCompactAt) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
  }
  return true;
}

void ClientSocket::EndByReset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  // Without it the connection ends with a FIN: another fault, and as good.
  (void)::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace yagura::simulate
