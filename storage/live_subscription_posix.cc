#include "storage/live_subscription_posix.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/log.h"
#include "storage/bytes.h"

namespace yagura::storage {
namespace {

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Result<void> LiveSubscription::Connect(const std::string& socket_path) {
  over_ = false;
  got_ = 0;
  body_ = nullptr;
  ASSIGN_OR_RETURN(socket_, ConnectToRelay(socket_path));
  const auto request = EncodeLiveRequest({of_.camera, of_.stream});
  const ssize_t sent = ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(request.size())) return {};
  socket_.Reset();
  return Failure(ErrorCode::kUnavailable, "the live relay takes no request");
}

bool LiveSubscription::OnReadable() {
  while (ReadSome()) {
  }
  if (!over_) return true;
  Lose();
  return false;
}

void LiveSubscription::Lose() {
  socket_.Reset();
  format_ = nullptr;
  listener_->OnLost();
}

bool LiveSubscription::ReadSome() {
  std::uint8_t* const to = body_ ? body_.get() : length_.data();
  const std::size_t size_bytes = body_ ? body_bytes_ : length_.size();
  const ssize_t got = ::recv(socket_.get(), to + got_, size_bytes - got_, MSG_DONTWAIT);
  if (got <= 0) {
    over_ = got == 0 || !WouldBlock();
    return false;
  }
  got_ += static_cast<std::size_t>(got);
  if (got_ < size_bytes) return true;
  got_ = 0;
  if (body_) return HandleBody();
  body_bytes_ = ByteReader(length_).U32();
  over_ = body_bytes_ == 0 || body_bytes_ > kLiveMessageBytesMax;
  if (over_) return false;
  body_ = std::shared_ptr<std::uint8_t[]>(new std::uint8_t[body_bytes_]);
  return true;
}

bool LiveSubscription::HandleBody() {
  auto message = ParseLiveMessage(std::exchange(body_, nullptr), body_bytes_);
  if (!message.has_value()) {
    log::Warning("the live relay can't be understood",
                 {{"camera", ToString(of_.camera)}, {"error", message.error()}});
  } else if (auto* const format = std::get_if<StreamFormat>(&*message)) {
    format_ = std::make_shared<const StreamFormat>(std::move(*format));
    return true;
  } else if (auto* const unit = std::get_if<AccessUnit>(&*message); unit != nullptr && format_) {
    unit->format = format_;
    listener_->OnAccessUnit(std::move(*unit));
    return true;
  }
  over_ = true;
  return false;
}

}  // namespace yagura::storage
