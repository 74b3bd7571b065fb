#include "storage/live_connection_posix.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace yagura::storage {
namespace {

constexpr std::size_t kPartsAtOnce = 64;

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

LiveConnection::~LiveConnection() {
  if (channel_) channel_->Leave(queue_);
}

bool LiveConnection::OnReadable() {
  const std::size_t room = kLiveRequestBytes - request_bytes_;
  std::uint8_t beyond = 0;
  void* const to = room > 0 ? static_cast<void*>(request_.data() + request_bytes_) : &beyond;
  const ssize_t got = ::recv(socket_.get(), to, std::max<std::size_t>(room, 1), MSG_DONTWAIT);
  if (got < 0) return WouldBlock();
  if (got == 0 || room == 0) return false;
  request_bytes_ += static_cast<std::size_t>(got);
  return true;
}

Result<std::optional<LiveRequest>> LiveConnection::TakeRequest() {
  if (request_bytes_ < kLiveRequestBytes || !awaits_request()) return std::nullopt;
  ASSIGN_OR_RETURN(const LiveRequest request, ParseLiveRequest(request_));
  return request;
}

void LiveConnection::Join(CameraStream of, std::shared_ptr<LiveChannel> channel) {
  if (!channel->Join(queue_)) return Refuse(LiveEnd::kNotRecorded);
  of_ = of;
  channel_ = std::move(channel);
}

bool LiveConnection::Flush() {
  while (true) {
    if (queue_->overflowed()) return false;
    if (queue_->has_waiting()) std::ranges::move(queue_->Take(), std::back_inserter(sending_));
    if (sending_.empty()) return !queue_->ended() || queue_->has_waiting();
    std::array<iovec, kPartsAtOnce> parts{};
    const std::size_t count = std::min(kPartsAtOnce, sending_.size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto bytes = sending_[i].bytes().subspan(i == 0 ? sent_of_first_ : 0);
      parts[i] = {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return WouldBlock();
    queue_->OnSent(static_cast<std::size_t>(sent));
    sent_of_first_ += static_cast<std::size_t>(sent);
    while (!sending_.empty() && sent_of_first_ >= sending_.front().bytes().size()) {
      sent_of_first_ -= sending_.front().bytes().size();
      sending_.pop_front();
    }
  }
}

}  // namespace yagura::storage
