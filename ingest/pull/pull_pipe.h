#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "ingest/pull_message.h"

namespace yagura::ingest {

/// A worker's end of its pipe: standard input and output. Frames go out whole, from any thread.
class PullPipe {
 public:
  /// Waits for the order. Nothing: the pipe ended, or it is none.
  [[nodiscard]] static std::optional<PullOrder> ReadOrder();
  /// Returns when the recorder has closed the pipe.
  static void AwaitEnd();

  void Write(PullKind kind, std::span<const std::uint8_t> payload);
  void Write(PullKind kind, std::string_view payload) {
    Write(kind, {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()});
  }
  /// The session is over: nothing is written after it, and a further one is passed over.
  void Fail(const PullFailure& failure);

 private:
  void WriteWhole(std::span<const std::uint8_t> head, std::span<const std::uint8_t> payload);

  std::mutex mutex_;  // of what is written, and the next
  bool failed_ = false;
};

}  // namespace yagura::ingest
