#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "core/access_unit.h"

namespace yagura::api {

/// What waits for one viewer of a camera: bounded. Over the bound everything waiting goes, and the
/// next thing is the next keyframe. Units come on the subscriber's thread and are taken on an I/O
/// thread. Thread-safe.
class ViewerQueue {
 public:
  explicit ViewerQueue(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// `wake` is called when Take() may say something else than before; it must not block, nor call
  /// back. Once this has returned, what was given before is called no more.
  void OnReady(std::function<void()> wake);
  void Push(const AccessUnit& unit);
  /// Nothing follows what is waiting.
  void End();
  /// Somebody should look at what isn't in the queue: whether the right has ended.
  void Nudge();

  [[nodiscard]] std::optional<AccessUnit> Take();
  /// Ended, and empty.
  [[nodiscard]] bool over() const;
  [[nodiscard]] std::uint64_t drops() const;

 private:
  const std::uint64_t bytes_max_;
  mutable std::mutex mutex_;  // guards the rest
  std::function<void()> wake_;
  std::deque<AccessUnit> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  bool skips_to_keyframe_ = true;
  bool ended_ = false;
  std::uint64_t drops_ = 0;
};

}  // namespace yagura::api
