#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <variant>

#include "core/calendar.h"
#include "core/time.h"
#include "storage/run_writer.h"

namespace yagura::storage {

/// Fragments of one stream in memory, queued or not yet synced; and of all streams of a volume: so
/// many bytes, or so many for each stream that is recorded there, where that is more. Beyond,
/// fragments are refused. A stream of 2 Mbit/s holds some 0.6 MB in passing: what comes between
/// two rounds of syncs.
inline constexpr std::uint64_t kStreamHeldBytesMax = 16 * 1024 * 1024;
inline constexpr std::uint64_t kVolumeHeldBytesMax = 256 * 1024 * 1024;
inline constexpr std::uint64_t kVolumeHeldBytesPerStream = 2 * 1024 * 1024;

/// A volume with the queue in front of it. Any thread pushes; one thread, the writer, processes the
/// queue; one, the sync thread, runs the rounds. The queue is bounded by bytes: what is not a
/// fragment is small, rare and never refused.
class VolumeWriter {
 public:
  VolumeWriter(Files& files, std::unique_ptr<Volume> volume, const Clock& clock,
               const OfficeCalendar& calendar, Journal& journal);

  using Account = std::shared_ptr<StreamAccount>;
  /// False, and nothing is taken, where the stream's or the volume's fragments in memory are over
  /// their limit.
  [[nodiscard]] bool Push(const Account& account, Fragment fragment);
  /// `ordinal`: of the stream's newest run at that moment.
  void Push(const Account& account, std::uint64_t ordinal, const Interruption& interruption);
  void Push(const Account& account, const EndOfStream& end);

  /// Writer thread: processes what is queued.
  void ProcessQueue();
  /// Writer thread: waits until something is queued, or `timeout`.
  void WaitForWork(std::chrono::milliseconds timeout);
  /// Sync thread, about once a second: looks at the free space and runs a round of syncs.
  void SyncRound();

  [[nodiscard]] const Volume& volume() const { return *volume_; }
  /// Volume::SetOverLimit. Any thread.
  void SetOverLimit(bool over) { volume_->SetOverLimit(over); }
  /// Whether a run that starts now would be taken.
  [[nodiscard]] bool accepts() const { return runs_.accepts(); }
  [[nodiscard]] std::uint64_t held_bytes() const { return *held_bytes_; }
  [[nodiscard]] std::size_t open_clips() const { return clips_.size(); }

 private:
  using FragmentPointer = std::shared_ptr<const Fragment>;
  struct PendingInterruption {
    std::uint64_t ordinal;
    Interruption interruption;
  };
  using FailedClip = std::shared_ptr<OpenClip>;
  struct Command {
    Account account;
    std::variant<FragmentPointer, PendingInterruption, EndOfStream, FailedClip> what;
  };
  [[nodiscard]] std::uint64_t HeldBytesMax() const;
  void Enqueue(Command command);
  void Process(const Command& command);

  std::unique_ptr<Volume> volume_;
  ClipFiles clips_;
  RunWriter runs_;
  /// Shared with every fragment in memory, which takes its bytes off when it goes.
  const std::shared_ptr<std::atomic<std::uint64_t>> held_bytes_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
  std::atomic<std::size_t> streams_ = 0;  // recorded here, as the writer knows them
  std::mutex mutex_;
  std::condition_variable queued_;
  std::deque<Command> queue_;
};

}  // namespace yagura::storage
