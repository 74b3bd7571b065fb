#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "core/camera_stream.h"
#include "core/time.h"
#include "storage/live_channel.h"
#include "storage/live_message.h"
#include "storage/live_socket_posix.h"

namespace yagura::storage {

/// One subscriber's connection, on the relay's side. The relay's thread only.
class LiveConnection {
 public:
  LiveConnection(OwnedDescriptor socket, MonoTime since, std::uint64_t queue_bytes_max)
      : socket_(std::move(socket)),
        since_(since),
        queue_(std::make_shared<LiveQueue>(queue_bytes_max)) {}
  ~LiveConnection();
  LiveConnection(const LiveConnection&) = delete;
  LiveConnection& operator=(const LiveConnection&) = delete;

  /// Reads the request. Afterwards a subscriber has nothing more to say: what it sends, or its end,
  /// ends the connection. False: close it.
  [[nodiscard]] bool OnReadable();
  /// The request, once it is there and until it is joined.
  [[nodiscard]] Result<std::optional<LiveRequest>> TakeRequest();
  void Join(CameraStream of, std::shared_ptr<LiveChannel> channel);
  void Refuse(LiveEnd end) { queue_->End(end); }

  /// Sends what waits, as far as the socket takes it. False: close it (all is said, it is broken,
  /// or it took too little).
  [[nodiscard]] bool Flush();

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] MonoTime since() const { return since_; }
  [[nodiscard]] const std::optional<CameraStream>& of() const { return of_; }
  /// Neither joined nor refused.
  [[nodiscard]] bool awaits_request() const { return !of_ && !queue_->ended(); }
  [[nodiscard]] bool is_slow() const { return queue_->overflowed(); }

 private:
  OwnedDescriptor socket_;
  const MonoTime since_;
  std::array<std::uint8_t, kLiveRequestBytes> request_{};
  std::size_t request_bytes_ = 0;
  std::optional<CameraStream> of_;
  std::shared_ptr<LiveChannel> channel_;
  const std::shared_ptr<LiveQueue> queue_;
  std::deque<LiveQueue::Part> sending_;
  std::size_t sent_of_first_ = 0;
};

}  // namespace yagura::storage
