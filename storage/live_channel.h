#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/access_unit.h"
#include "storage/live_message.h"
#include "storage/newest_gop.h"

namespace yagura::storage {

/// What waits to be sent to one subscriber. Bounded: a subscriber that takes too little overflows
/// it, and is dropped. Thread-safe.
class LiveQueue {
 public:
  /// Bytes side by side on the wire: of ours, or a share of a frame's.
  struct Part {
    std::vector<std::uint8_t> own;
    SharedBytes shared;
    [[nodiscard]] std::span<const std::uint8_t> bytes() const {
      return own.empty() ? shared.bytes() : std::span<const std::uint8_t>(own);
    }
  };
  explicit LiveQueue(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// From the first keyframe on; its format goes before it, and again whenever it changes.
  void Push(const AccessUnit& unit);
  /// Nothing follows.
  void End(LiveEnd end);

  /// Everything that waits.
  [[nodiscard]] std::deque<Part> Take();
  [[nodiscard]] bool has_waiting() const { return has_waiting_; }
  /// So many bytes of what was taken have been sent.
  void OnSent(std::size_t bytes) { held_bytes_ -= bytes; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void Append(Part part);

  const std::uint64_t bytes_max_;
  std::atomic<std::uint64_t> held_bytes_ = 0;  // waiting, or taken and not sent
  std::atomic<bool> overflowed_ = false;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> has_waiting_ = false;
  std::mutex mutex_;                            // guards the rest
  std::shared_ptr<const StreamFormat> format_;  // told last; none: not begun
  std::deque<Part> waiting_;
};

/// One stream on its way to those who watch it now. Ingest's thread brings units, the relay's comes
/// and goes with subscribers; what they wait for each other is the time of a few pointers.
/// Thread-safe.
class LiveChannel final : public AccessUnitSink {
 public:
  /// `wake` is called, on ingest's thread, when something waits in a queue; it must not block.
  LiveChannel(GopLimits limits, HeldBytes all, std::function<void()> wake)
      : gop_(limits, std::move(all)), wake_(std::move(wake)) {}

  void OnAccessUnit(AccessUnit unit) override;
  void OnInterruption(GapReason reason, WallTime from) override;

  /// False, and nothing is done, where the stream has ended.
  [[nodiscard]] bool Join(std::shared_ptr<LiveQueue> queue);
  void Leave(const std::shared_ptr<LiveQueue>& queue);
  /// The stream is recorded no more: all who watch it are told.
  void End();
  [[nodiscard]] bool is_watched() const;

 private:
  mutable std::mutex mutex_;  // guards the next three
  NewestGop gop_;
  std::vector<std::shared_ptr<LiveQueue>> queues_;
  bool ended_ = false;
  const std::function<void()> wake_;
};

}  // namespace yagura::storage
