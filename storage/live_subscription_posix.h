#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "core/time.h"
#include "storage/live_message.h"
#include "storage/live_socket_posix.h"
#include "storage/live_subscriber.h"

namespace yagura::storage {

/// One connection to the relay, for one stream. The subscriber's thread only.
class LiveSubscription {
 public:
  LiveSubscription(CameraStream of, std::shared_ptr<LiveListener> listener)
      : of_(of), listener_(std::move(listener)) {}

  /// Connects and asks. kUnavailable: the relay is away.
  [[nodiscard]] Result<void> Connect(const std::string& socket_path);
  /// Reads what is there and hands it on; false: the connection is over, and closed.
  [[nodiscard]] bool OnReadable();
  void Lose();

  [[nodiscard]] bool connected() const { return socket_.open(); }
  [[nodiscard]] int descriptor() const { return socket_.get(); }

  MonoTime retry_at{};

 private:
  /// Reads on; false: no more now, or over (see `over_`).
  bool ReadSome();
  [[nodiscard]] bool HandleBody();

  const CameraStream of_;
  const std::shared_ptr<LiveListener> listener_;
  OwnedDescriptor socket_;
  bool over_ = false;
  std::array<std::uint8_t, kLiveLengthBytes> length_{};
  std::shared_ptr<std::uint8_t[]> body_;  // of the message being read, once its length is known
  std::size_t body_bytes_ = 0;
  std::size_t got_ = 0;  // of length_ or body_
  std::shared_ptr<const StreamFormat> format_;
};

}  // namespace yagura::storage
