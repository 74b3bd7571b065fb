#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "app/parking.h"
#include "app/picture_checks.h"
#include "app/sub_streams.h"
#include "app/worker_deaths.h"
#include "core/pg/pool_pg.h"
#include "fleet/recorder_view.h"
#include "fleet/sealing.h"
#include "ingest/supervisor.h"
#include "storage/live_relay.h"
#include "storage/recorder.h"

namespace yagura::app {

/// Joins ingest, storage and the checks of pictures: keeps exactly those cameras recorded, and
/// offered to who watches, that are due now, each with its present source and owners, and their sub
/// streams as those want it (sub_streams.h). One thread.
class Recording {
 public:
  /// All must outlive it.
  Recording(ingest::Supervisor& supervisor, storage::Recorder& recorder, storage::LiveRelay& relay,
            Parking& parking, PictureChecks& checks, SubStreams& subs, const fleet::SealingKey& key,
            pg::Pool& pool, const Clock& clock)
      : supervisor_(supervisor),
        recorder_(recorder),
        relay_(relay),
        parking_(parking),
        checks_(checks),
        subs_(subs),
        key_(key),
        pool_(pool),
        clock_(clock) {}

  /// Brings what is recorded in line with `view`. Called whenever the view or the time may have
  /// changed something; where nothing has, it does nothing.
  void Apply(const fleet::RecorderView& view);

  /// Pull workers were ended by signals: a camera that this happened to often enough is parked, but
  /// where it happens to many of them. To be called about each second.
  void NoteWorkerDeaths(const std::vector<WorkerDeath>& deaths);

  [[nodiscard]] std::size_t cameras() const { return recorded_.size(); }

  /// A camera that is due but isn't even asked.
  struct LeftOut {
    GapReason reason{};
    WallTime since{};
  };
  using LeftOutCameras = std::map<CameraId, LeftOut>;
  /// Those there are now. Any thread.
  [[nodiscard]] LeftOutCameras left_out() const;
  /// Parking::WorkersAreFailing(). Any thread.
  [[nodiscard]] bool workers_failing() const { return workers_failing_; }

 private:
  struct Recorded {
    fleet::RecordedCamera camera;
    std::shared_ptr<AccessUnitSink> sink;
    WallRange due;  // the stretch of service for which it is recorded
  };
  [[nodiscard]] bool ApplyTo(const fleet::RecordedCamera& camera, WallTime now);
  void Begin(const fleet::RecordedCamera& camera, const WallRange& due);
  [[nodiscard]] WallTime AccountsFrom(const fleet::RecordedCamera& camera, Stream stream,
                                      WallTime due_from);
  void SetSub(const Recorded& recorded);
  [[nodiscard]] bool IsParked(const fleet::RecordedCamera& camera);
  void Change(Recorded& recorded, const fleet::RecordedCamera& camera, const WallRange& due);
  void End(CameraId camera, WallTime at);
  void Connect(const Recorded& recorded);
  void NoteFailingWorkers();
  void Park(const Recorded& recorded);
  void LeaveOut(const Recorded& recorded, GapReason reason);
  void ForgetLeftOut(CameraId camera);

  ingest::Supervisor& supervisor_;
  storage::Recorder& recorder_;
  storage::LiveRelay& relay_;
  Parking& parking_;
  PictureChecks& checks_;
  SubStreams& subs_;
  const fleet::SealingKey& key_;
  pg::Pool& pool_;
  const Clock& clock_;
  std::map<CameraId, Recorded> recorded_;
  mutable std::mutex left_out_mutex_;
  LeftOutCameras left_out_;
  std::atomic<bool> workers_failing_ = false;
};

}  // namespace yagura::app
