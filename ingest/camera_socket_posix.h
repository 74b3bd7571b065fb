#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "ingest/resolver_posix.h"

namespace yagura::ingest {

/// A non-blocking TCP connection to a camera, or a pipe to its worker, watched by an epoll. Errors
/// are kUnavailable and say what the system said; after one, Close() it. One thread.
class CameraSocket {
 public:
  /// `epoll` reports events with `owner` as their data.
  CameraSocket(int epoll, void* owner) : epoll_(epoll), owner_(owner) {}
  ~CameraSocket() { Close(); }
  CameraSocket(const CameraSocket&) = delete;
  CameraSocket& operator=(const CameraSocket&) = delete;

  /// Begins to connect; an event tells the end of it.
  [[nodiscard]] Result<void> Connect(const SocketAddress& address);
  /// How that ended. From here on events tell of bytes.
  [[nodiscard]] Result<void> FinishConnect();
  /// Takes a connected stream socket over instead, a worker's pipe.
  void Adopt(int connected);
  /// One read into `room`: how much came, 0 at the end of the connection; nothing when there is
  /// nothing now.
  [[nodiscard]] Result<std::optional<std::size_t>> Receive(std::span<std::uint8_t> room);
  /// Sends what the kernel takes of `outbox`, and takes that out; an event tells when it takes the
  /// rest.
  [[nodiscard]] Result<void> Send(std::string& outbox);
  /// Sends what goes at once, and doesn't ask what became of it.
  void SendLast(const std::string& text);
  /// Events come only when so many bytes wait to be read (SO_RCVLOWAT), or the connection ends.
  void SetLeastToRead(std::size_t size_bytes);
  void Close();

  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  void Watch(std::uint32_t events, int operation);

  int epoll_;
  void* owner_;
  int fd_ = -1;
  std::uint32_t watched_events_ = 0;
};

}  // namespace yagura::ingest
