#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/sent_log.h"
#include "simulate/unique_fd.h"

namespace yagura::simulate {

/// A client's TCP connection: writes at once what the kernel takes and keeps the rest. One thread.
class ClientSocket {
 public:
  /// Called with each frame whose last byte the kernel has just taken; `sent` is for the callee to
  /// fill in.
  using OnFrameSent = std::function<void(const SentFrame&)>;

  ClientSocket(UniqueFd fd, OnFrameSent on_frame_sent)
      : fd_(std::move(fd)), on_frame_sent_(std::move(on_frame_sent)) {}

  /// Up to `buffer.size()` bytes that have come: empty when there are none; nothing when the client
  /// has closed.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> Receive(
      std::span<std::uint8_t> buffer);

  /// Bytes to send after all before; with `frame` they are a whole frame. False: the connection is
  /// broken.
  [[nodiscard]] bool Send(std::span<const std::uint8_t> bytes, const SentFrame* frame = nullptr);
  /// Goes on with what is waiting. False: the connection is broken.
  [[nodiscard]] bool Resume();

  /// Closing will throw away what the kernel still holds, and tell the client so by a TCP RST.
  void EndByReset();

  [[nodiscard]] std::size_t waiting_bytes() const { return waiting_.size() - taken_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  struct Mark {
    std::uint64_t end_bytes = 0;  // position in the stream at which the frame is complete
    SentFrame frame;
  };
  [[nodiscard]] std::optional<std::size_t> Write(std::span<const std::uint8_t> bytes);

  UniqueFd fd_;
  OnFrameSent on_frame_sent_;
  std::vector<std::uint8_t> waiting_;
  std::size_t taken_ = 0;         // of waiting_
  std::uint64_t sent_bytes_ = 0;  // in all
  std::deque<Mark> marks_;        // frames not complete yet
};

}  // namespace yagura::simulate
