#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/access_unit.h"
#include "core/camera_stream.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/journal_records.h"
#include "storage/newest_gop.h"

namespace yagura::storage {

struct LiveRelayOptions {
  std::string socket_path;
  GopLimits gops{};
  /// What one subscriber may leave untaken before it is dropped: a GOP and as much again.
  std::uint64_t subscriber_bytes_max = 16 * 1024 * 1024;
  std::size_t subscribers_max = 256;
  std::chrono::milliseconds request_timeout{5'000};
};

/// Gives what comes from the cameras to those who watch it now, over a Unix socket: each camera's
/// access units from its newest keyframe on (docs/design/live-relay.md). One thread of its own.
/// Recording never waits for it: a slow or dead subscriber is dropped.
class LiveRelay {
 public:
  /// Somebody watches the stream, or nobody does any more. Called on the relay's thread; may wait
  /// for ingest, never for this relay.
  using OnWatched = std::function<void(CameraStream of, bool watched)>;

  /// `clock` outlives it.
  LiveRelay(LiveRelayOptions options, const Clock& clock, OnWatched on_watched);
  ~LiveRelay();  // as Stop()
  LiveRelay(const LiveRelay&) = delete;
  LiveRelay& operator=(const LiveRelay&) = delete;

  /// kUnavailable: the socket can't be made.
  [[nodiscard]] Result<void> Start();
  /// Closes all connections. Sinks may still be called.
  void Stop();

  /// The sink that takes a stream's access units, beside the recorder where it is recorded. A
  /// stream that is attached already keeps its sink. Any thread, as all below.
  [[nodiscard]] std::shared_ptr<AccessUnitSink> Attach(CameraId camera, Stream stream);
  /// The stream comes no more: its subscribers are told, and their connections end.
  void Detach(CameraId camera, Stream stream);
  [[nodiscard]] bool IsWatched(CameraStream of) const;
  [[nodiscard]] std::size_t subscribers() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::storage
