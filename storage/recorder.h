#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/recorder_core.h"

namespace yagura::storage {

/// Records the streams of many cameras on volumes, and keeps the journal that the catalogue is made
/// of. What it promises (docs/design/clip-format.md): a kill of the process loses at most the last
/// second of a stream, or two frames where that is longer; a power cut at most the last three; from
/// the start of due until now every instant of a stream is in a clip or in a gap; no stream's
/// trouble is another's.
///
/// Two threads a volume and one more. Its sinks are called by ingest's threads and never wait for a
/// disk. All other calls come from one thread: the one that built it.
class Recorder {
 public:
  using Options = RecorderOptions;
  /// `files`, `clock` and `calendar` outlive it.
  Recorder(Options options, Files& files, const Clock& clock, const OfficeCalendar& calendar);
  ~Recorder();  // as Stop()
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Opens journal and volumes and cuts back what a crash left; hashing goes on beside the
  /// recording. A volume that is not there is left out, with an alarm, as long as there is another.
  /// kFailedPrecondition, kUnavailable: no volume, or no journal.
  [[nodiscard]] Result<void> Start();

  /// Starts to record a stream: hand the sink to ingest. Where the journal knows the stream, time
  /// since then is a gap (recorder_restart); else due begins at `due_from`, or now, but never
  /// before the first of `owners`. A stream that is attached already keeps its sink.
  [[nodiscard]] std::shared_ptr<AccessUnitSink> Attach(CameraId camera, Stream stream,
                                                       std::vector<OwnerSpan> owners,
                                                       std::optional<WallTime> due_from = {});
  /// The journal knew nothing when it was opened: a first start, or the state folder was lost. Then
  /// the catalogue alone knows how far streams were accounted for.
  [[nodiscard]] bool is_new() const { return core_.is_new(); }
  /// The dated list of who is in charge and where the camera stands, for all its streams. Changes
  /// take effect at their instants, late ones at once.
  void SetOwners(CameraId camera, const std::vector<OwnerSpan>& owners);
  /// When due is known to end; WallTime::max(): not. Detach() comes some time after that, and what
  /// becomes of the camera between is no gap.
  void SetDueUntil(CameraId camera, WallTime until) { core_.SetDueUntil(camera, until); }
  /// Due ends at `at` for the stream, attached or only known to the journal: what is stored is
  /// closed. Ingest has let go of the sinks; what it still sends is dropped.
  void Detach(CameraStream of, WallTime at);
  /// Streams that the journal has something open of and that are not attached: attach or detach
  /// them.
  [[nodiscard]] std::vector<CameraStream> Unattached() const { return core_.Unattached(); }

  /// Closes all clips and makes everything durable; each stream is left with an open gap
  /// (recorder_restart). Sinks may still be called; what they get is dropped.
  void Stop();

  /// What the catalogue's committer reads. From Start on.
  [[nodiscard]] Journal& journal() { return core_.journal(); }

  /// Nothing is recorded on these volumes (gap volume_full) until another call leaves them out: the
  /// catalogue says that they are at their limit and that nothing on them may go.
  void SetOverLimit(const std::vector<VolumeId>& volumes) { core_.SetOverLimit(volumes); }

  /// The volumes from now on, by their roots: one that is new is recorded on, as long as it is
  /// there; one that is named no more is treated as of weight 0. Streams move at their keyframes, a
  /// few every 5 s, without a gap. Its rows must be known to the catalogue (CatalogueCommitter).
  void SetVolumes(const std::vector<VolumeOptions>& volumes);

  using Status = RecorderStatus;
  /// Any thread.
  [[nodiscard]] Status status() const { return core_.status(); }
  /// Of each camera that is attached, since it was. Any thread.
  [[nodiscard]] std::map<CameraId, std::uint64_t> fragments_dropped() const {
    return core_.fragments_dropped();
  }

 private:
  void Work(VolumeWriter& volume);
  void Wait(std::chrono::milliseconds time);

  RecorderCore core_;
  std::mutex stop_mutex_;
  std::condition_variable stop_changed_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace yagura::storage
