#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/access_unit.h"
#include "core/camera_stream.h"
#include "core/ids.h"
#include "core/time.h"

namespace yagura::storage {

/// Who watches a stream in another process than the one that records it. Called on the subscriber's
/// thread; must not block.
class LiveListener {
 public:
  virtual ~LiveListener() = default;
  /// From a keyframe on, in order; each with its format.
  virtual void OnAccessUnit(AccessUnit unit) = 0;
  /// The relay is away, has dropped us, or records the camera no more. The subscriber goes on
  /// asking; what comes next begins with a keyframe.
  virtual void OnLost() = 0;
};

/// Subscriptions at a recorder's live relay (docs/design/live-relay.md), all on one thread; asks
/// again where the relay is away. Thread-safe.
class LiveSubscriber {
 public:
  struct Options {
    std::string socket_path;
    std::chrono::milliseconds retry_delay{250};
  };
  /// `clock` outlives it.
  LiveSubscriber(Options options, const Clock& clock);
  ~LiveSubscriber();
  LiveSubscriber(const LiveSubscriber&) = delete;
  LiveSubscriber& operator=(const LiveSubscriber&) = delete;

  /// Begins to listen to the stream; a listener before is replaced.
  void Subscribe(CameraStream of, std::shared_ptr<LiveListener> listener);
  /// Soon after, its listener is called no more.
  void Unsubscribe(CameraStream of);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::storage
