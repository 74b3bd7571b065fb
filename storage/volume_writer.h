#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

#include "core/calendar.h"
#include "core/time.h"
#include "storage/volume_command.h"

namespace yagura::storage {

/// Fragments of one stream in memory, queued or not yet synced; and of all streams of a volume: so
/// many bytes, or so many for each stream that is recorded there, where that is more. Beyond,
/// fragments are refused. A stream of 2 Mbit/s holds some 0.6 MB in passing: what comes between
/// two rounds of syncs.
inline constexpr std::uint64_t kStreamHeldBytesMax = 16 * 1024 * 1024;
inline constexpr std::uint64_t kVolumeHeldBytesMax = 256 * 1024 * 1024;
inline constexpr std::uint64_t kVolumeHeldBytesPerStream = 2 * 1024 * 1024;

/// A disk that lets what is queued, or a round of syncs, wait for longer doesn't keep up.
inline constexpr std::chrono::seconds kKeepsUpWithin{3};

/// A volume with the queue in front of it. Any thread pushes; one thread, the writer, processes the
/// queue; one, the sync thread, runs the rounds. The queue is bounded by bytes: what is not a
/// fragment is small, rare and never refused.
class VolumeWriter {
 public:
  /// `others` outlives it.
  VolumeWriter(Files& files, std::unique_ptr<Volume> volume, const Clock& clock,
               const OfficeCalendar& calendar, Journal& journal, OtherVolumes& others);

  using Account = std::shared_ptr<StreamAccount>;
  using FragmentPointer = std::shared_ptr<const Fragment>;
  /// Counts `fragment` as in memory, until the last one lets go of it; null, and nothing is taken,
  /// where the stream's or the volume's fragments in memory are over their limit.
  [[nodiscard]] FragmentPointer Hold(const Account& account, Fragment fragment);
  /// A stream's commands come by its StreamRoute.
  void Enqueue(VolumeCommand command);

  /// Writer thread: processes what is queued.
  void ProcessQueue();
  /// Writer thread: waits until something is queued, or `timeout`.
  void WaitForWork(std::chrono::milliseconds timeout);
  /// Sync thread, about once a second: looks at the free space and runs a round of syncs.
  void SyncRound();

  [[nodiscard]] const Volume& volume() const { return *volume_; }
  /// Volume::SetOverLimit. Any thread.
  void SetOverLimit(bool over) { volume_->SetOverLimit(over); }
  /// Whether the volume should get a run that starts now: it is there, has space, and its disk
  /// keeps up. Where it should not, streams leave it at their next keyframe.
  [[nodiscard]] bool accepts() const {
    return runs_.accepts() && !volume_->is_missing() && !is_behind();
  }
  [[nodiscard]] std::uint64_t held_bytes() const { return *held_bytes_; }
  [[nodiscard]] std::size_t open_clips() const { return clips_.size(); }

 private:
  [[nodiscard]] std::uint64_t HeldBytesMax() const;
  [[nodiscard]] bool is_behind() const;
  void Process(const VolumeCommand& command);

  const Clock& clock_;
  std::unique_ptr<Volume> volume_;
  ClipFiles clips_;
  RunWriter runs_;
  /// Shared with every fragment in memory, which takes its bytes off when it goes.
  const std::shared_ptr<std::atomic<std::uint64_t>> held_bytes_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
  std::atomic<std::size_t> streams_ = 0;  // recorded here, as the writer knows them
  /// When the first in the queue was queued, and what is being written, and when the round of syncs
  /// under way began, in ticks of the monotonic clock; 0: there is none.
  std::atomic<MonoTime::rep> queued_since_ = 0;
  std::atomic<MonoTime::rep> writing_since_ = 0;
  std::atomic<MonoTime::rep> syncing_since_ = 0;
  std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<VolumeCommand> queue_;
};

}  // namespace yagura::storage
