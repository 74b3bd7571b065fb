#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "core/access_unit.h"
#include "core/time.h"

namespace yagura::api {

/// What waits for one viewer of a camera: bounded. Who takes too slowly goes on at the newest
/// keyframe, so that live stays live. Units come on the subscriber's thread and are taken on an I/O
/// thread. Thread-safe.
class ViewerQueue {
 public:
  struct Bounds {
    /// What needs more goes at once, also where the next keyframe has to be waited for.
    std::uint64_t bytes_max;
    /// What came so long ago goes once a newer keyframe is there: without one, what waits is needed
    /// to decode what comes.
    milliseconds wait_max;
  };
  ViewerQueue(Bounds bounds, const Clock& clock) : bounds_(bounds), clock_(clock) {}

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
  /// How often something went untaken.
  [[nodiscard]] std::uint64_t drops() const;

 private:
  struct Waiting {
    AccessUnit unit;
    MonoTime since;
  };
  void GoToNewestKeyframe();

  const Bounds bounds_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards the rest
  std::function<void()> wake_;
  std::deque<Waiting> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  bool skips_to_keyframe_ = true;
  bool ended_ = false;
  std::uint64_t drops_ = 0;
};

}  // namespace yagura::api
