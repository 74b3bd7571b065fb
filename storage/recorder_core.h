#pragma once

#include <atomic>
#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/access_unit.h"
#include "core/calendar.h"
#include "core/camera_stream.h"
#include "core/time.h"
#include "storage/clock_watch.h"
#include "storage/files.h"
#include "storage/journal.h"
#include "storage/owner_schedule.h"
#include "storage/recovery.h"
#include "storage/stream_recorder.h"
#include "storage/unswept.h"
#include "storage/volume.h"
#include "storage/volume_set.h"

namespace yagura::storage {

struct RecorderOptions {
  std::string state_folder;            // holds the journal; must exist
  std::vector<VolumeOptions> volumes;  // at least one; formatted (Volume::Format)
  /// How far our clock can be trusted now; asked at each start of a run.
  std::function<ClockState()> clock_state = [] { return ClockState::kUnknown; };
};

struct VolumeStatus {
  VolumeId id;
  bool accepts = false;  // a run that starts now would be taken
  std::uint64_t held_bytes = 0;
  std::uint64_t failures = 0;  // Volume::failures()
  std::uint64_t free_bytes = 0;
  std::uint64_t total_bytes = 0;
};

/// What happened to be going on.
struct RecorderStatus {
  std::size_t streams = 0;
  std::size_t open_clips = 0;
  std::uint64_t held_bytes = 0;
  std::uint64_t fragments_dropped = 0;
  std::size_t volumes_full = 0;
  std::vector<VolumeStatus> volumes;
  std::uint64_t journal_failures = 0;  // Journal::failures()
  bool recovering = false;             // clips of a crash are still being hashed
};

/// The recorder without its threads: every step that they take, for Recorder (recorder.h) to take
/// in threads and for tests to take one by one. Attach, SetOwners, Detach and EndAll belong to one
/// thread; each volume's steps to its own two; the rest says so.
class RecorderCore {
 public:
  RecorderCore(RecorderOptions options, Files& files, const Clock& clock,
               const OfficeCalendar& calendar);

  /// As Recorder::Start, but for the threads.
  [[nodiscard]] Result<void> Open();
  [[nodiscard]] std::shared_ptr<AccessUnitSink> Attach(CameraId camera, Stream stream,
                                                       std::vector<OwnerSpan> owners,
                                                       std::optional<WallTime> due_from);
  void SetOwners(CameraId camera, const std::vector<OwnerSpan>& owners);
  void SetDueUntil(CameraId camera, WallTime until);
  /// The first half of a detachment; the second succeeds once the volume's writer has dealt with
  /// the first.
  void BeginDetach(CameraStream of, WallTime at);
  [[nodiscard]] bool FinishDetach(CameraStream of, WallTime at);
  [[nodiscard]] std::vector<CameraStream> Unattached() const;
  /// As Recorder::is_new.
  [[nodiscard]] bool is_new() const { return is_new_; }
  /// The catalogue's word on which volumes are at their limit with nothing on them that may go.
  void SetOverLimit(const std::vector<VolumeId>& volumes);
  /// The recorder stops: all streams end, with a gap each.
  void EndAll();

  [[nodiscard]] std::vector<VolumeWriter*> volumes() const { return volumes_.all(); }
  /// As Recorder::SetVolumes; gives those that are new, for which nobody works yet.
  [[nodiscard]] std::vector<VolumeWriter*> SetVolumes(const std::vector<VolumeOptions>& volumes);
  /// A thread of its own, once: hashes and closes what a crash left, and sweeps up files that
  /// nobody knows, until `stop`.
  void FinishRecovery(const std::atomic<bool>& stop);
  /// A thread of its own, every kTimeKeeping: what happens because time passes. Frames that wait in
  /// vain go on, gaps are split at changes of owner and day and where our clock is set back, and
  /// the journal says that we live.
  void KeepTime();
  static constexpr std::chrono::milliseconds kTimeKeeping{250};

  [[nodiscard]] Journal& journal() { return *journal_; }
  [[nodiscard]] bool is_open() const { return journal_ != nullptr; }
  [[nodiscard]] RecorderStatus status() const;  // any thread
  /// Of each camera that is attached, since it was; any thread.
  [[nodiscard]] std::map<CameraId, std::uint64_t> fragments_dropped() const;

 private:
  using Key = CameraStream;
  using StreamPointer = std::shared_ptr<StreamRecorder>;
  VolumeWriter* AddVolume(const VolumeOptions& options);
  void RecoverStreams();
  void NoteClock(WallTime now);
  [[nodiscard]] std::vector<const Volume*> Volumes() const;
  [[nodiscard]] std::optional<GapOpened> OpenGapOf(const Key& key) const;
  [[nodiscard]] std::vector<StreamPointer> Streams() const;
  /// Null: it isn't attached.
  [[nodiscard]] StreamPointer Find(const Key& key) const;
  [[nodiscard]] std::vector<StreamPointer> StreamsOf(CameraId camera) const;

  const RecorderOptions options_;
  Files& files_;
  const Clock& clock_;
  const OfficeCalendar& calendar_;
  std::unique_ptr<Journal> journal_;
  VolumeSet volumes_;
  Unswept unswept_;
  std::vector<SalvagedClip> to_finish_;
  /// From shortly before the last sign of life until this start, and before that what earlier
  /// starts left unswept; nothing where there was none.
  std::optional<WallRange> last_moments_;
  bool is_new_ = false;
  ClockWatch clock_watch_;
  /// Our clock shows less than when the recorder was last alive.
  std::optional<ClockStepped> set_back_before_start_;
  std::atomic<bool> recovering_ = false;
  int tick_ = 0;  // of KeepTime

  mutable std::mutex mutex_;
  std::map<Key, StreamPointer> streams_;
};

}  // namespace yagura::storage
