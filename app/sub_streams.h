#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/parking.h"
#include "core/access_unit.h"
#include "core/camera_stream.h"
#include "core/time.h"
#include "fleet/recorder_view.h"
#include "fleet/sealing.h"
#include "ingest/supervisor.h"
#include "storage/live_relay.h"
#include "storage/recorder.h"

namespace yagura::app {

/// The sub streams of the cameras that are due: one is pulled while somebody watches it, and a
/// little longer, or always where it is recorded. Nothing about it touches a main stream that is
/// recorded; where both fail they share how often a camera is asked (ingest/session_budget.h).
///
/// OnWatched() belongs to the relay's thread, all else to that of Recording.
class SubStreams {
 public:
  /// Pulled so long after the last one who watched has left: whoever turns a wall's page and comes
  /// back finds it there, and cameras aren't asked for a session at each turn.
  static constexpr std::chrono::seconds kLinger{5};

  /// All outlive it.
  SubStreams(ingest::Supervisor& supervisor, storage::Recorder& recorder, storage::LiveRelay& relay,
             Parking& parking, const fleet::SealingKey& key, const Clock& clock)
      : supervisor_(supervisor),
        recorder_(recorder),
        relay_(relay),
        parking_(parking),
        key_(key),
        clock_(clock) {}

  /// The camera is due, with the sub stream that it has now, or without. Where that is recorded it
  /// has to be accounted for from `accounts_from` on, if the journal doesn't know better.
  void Set(const fleet::RecordedCamera& camera, WallTime accounts_from);
  /// The camera isn't due any more.
  void End(CameraId camera, WallTime at);
  /// Its pull worker was ended by a signal, and Parking knows of it.
  void OnWorkerDeath(CameraId camera);
  /// Those that were parked before it was known that workers of many cameras crash are let in
  /// again.
  void LetInForgiven();
  /// Lets go of those that nobody watches any more. About each second.
  void Sweep();

  /// Somebody watches the camera's sub stream, or nobody does any more.
  void OnWatched(CameraId camera, bool watched);

 private:
  struct Source {
    fleet::SubStream stream;
    std::string certificate;  // that it must show over TLS; empty: any
    bool waits = false;       // until there is one
    friend bool operator==(const Source&, const Source&) = default;
  };
  struct One {
    Source source;
    std::shared_ptr<AccessUnitSink> sink;
    bool parked = false;
    bool pulled = false;
    bool watched = false;
    std::optional<MonoTime> left_at{};  // by the last one who watched
  };
  [[nodiscard]] static std::optional<Source> SourceOf(const fleet::RecordedCamera& camera);
  [[nodiscard]] std::optional<Source> Known(CameraId camera);
  void Change(CameraId camera, Source source);
  void Begin(const fleet::RecordedCamera& camera, Source source, WallTime accounts_from);
  /// All with mutex_ held.
  void Pull(CameraId camera, One& one);
  void LeaveOut(One& one, GapReason reason);
  void LetGo(CameraId camera, One& one);

  ingest::Supervisor& supervisor_;
  storage::Recorder& recorder_;
  storage::LiveRelay& relay_;
  Parking& parking_;
  const fleet::SealingKey& key_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<CameraId, One> subs_;  // by mutex_
};

}  // namespace yagura::app
