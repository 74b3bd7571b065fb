#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/access_unit.h"
#include "storage/stream_account.h"
#include "storage/stream_cutter.h"
#include "storage/stream_route.h"
#include "storage/volume_set.h"

namespace yagura::storage {

/// Where the access units of one stream go: cuts them on ingest's thread and hands whole fragments
/// to a volume's writer. Where the writer's queue is full, or the volume refused the run, drops to
/// the next keyframe; a run starts on a volume that accepts, if any does. Never waits for a disk.
/// Thread-safe: ingest, configuration and the recorder's own thread meet here.
class StreamRecorder final : public AccessUnitSink {
 public:
  /// `volumes` outlive this.
  StreamRecorder(std::shared_ptr<StreamAccount> account, StreamCutter cutter, VolumeSet& volumes);

  void OnAccessUnit(AccessUnit unit) override;
  void OnInterruption(GapReason reason, WallTime from) override;

  void SetOwners(OwnerSchedule owners);
  /// Hands on frames that have waited in vain for more since the last call.
  void FlushStale();
  /// Nothing comes any more; what comes nevertheless is dropped. Once.
  void End(const EndOfStream& end);

  [[nodiscard]] const std::shared_ptr<StreamAccount>& account() const { return account_; }

 private:
  void GiveUpRefusedRun();
  void PushEvents();
  void ChooseVolume(const Fragment& first);

  const std::shared_ptr<StreamAccount> account_;
  VolumeSet& volumes_;
  std::mutex mutex_;
  StreamCutter cutter_;
  VolumeWriter* volume_;
  const std::shared_ptr<StreamRoute> route_;
  StreamCutter::Events events_;
  std::uint64_t newest_ordinal_ = 0;
  bool takes_leave_ = false;  // its volume has more than its share
  bool rolls_ = false;        // another run was asked for, and has not come yet
  bool fresh_ = false;        // a unit came since the last FlushStale
  bool ended_ = false;
};

}  // namespace yagura::storage
