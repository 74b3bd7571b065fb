#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/files.h"
#include "storage/journal_records.h"
#include "storage/journal_state.h"

namespace yagura::storage {

/// A place in the journal: a segment and an offset in it. The smallest is before everything.
struct JournalPosition {
  std::uint64_t segment = 0;
  std::uint64_t offset_bytes = 0;
  friend auto operator<=>(const JournalPosition&, const JournalPosition&) = default;
};

/// The recorder's append-only log of what it records, in a folder of its own
/// (docs/design/journal.md). Invariants:
/// - J1: a batch is read whole or not at all;
/// - J2: readers see only what has been synced, in the order of appending; after a restart, all
///   that can be read;
/// - J3: every segment begins with a snapshot of what was open, so a restart reads the last one or
///   two;
/// - J4: a file that failed a write or sync is never written or synced again: what was not durable
///   goes to a new segment;
/// - J5: a segment is removed only when the catalogue has all of it and a newer one is durable.
///
/// Thread-safe. Append never waits for the disk's sync.
class Journal {
 public:
  struct Options {
    std::string folder;
    std::uint64_t segment_bytes_max = 4 * 1024 * 1024;
    /// What is kept in memory while no segment can be written: hours of 100 cameras.
    std::size_t unsynced_frames_max = 100'000;
  };
  /// Reads what is open and starts a new segment. kDataLoss where segments exist and none can be
  /// read.
  [[nodiscard]] static Result<std::unique_ptr<Journal>> Open(Files& files, Options options);

  /// Adds `records` as one batch and gives it to the kernel; durable after the next Sync. What
  /// can't be written is kept in memory for it.
  void Append(std::span<const JournalRecord> records);
  /// All that was appended before this call is durable when it succeeds. Where the segment fails, a
  /// new one is tried at once; where that fails too the records stay in memory until the next call.
  [[nodiscard]] Result<void> Sync();

  /// What is open after all that was appended.
  [[nodiscard]] JournalState state() const;

  struct Batch {
    std::vector<JournalRecord> records;
    JournalPosition next;
  };
  /// Records from `position` on, at least one batch where there is one, and no further batch once
  /// `records_max` are reached. No records and `next` == `position` where nothing new is durable. A
  /// position in a segment that is gone reads on in the one after it. kDataLoss: what was durable
  /// at `position` can't be read any more (BehindDamage).
  [[nodiscard]] Result<Batch> ReadFrom(JournalPosition position, std::size_t records_max);

  /// Where to read on after ReadFrom's kDataLoss at `position`: at the next whole frame of the
  /// segment, or the next segment, whose snapshot says what was open.
  [[nodiscard]] JournalPosition BehindDamage(JournalPosition position);

  /// No segment has gone yet: all that was ever appended is here.
  [[nodiscard]] bool remembers_all() const;

  /// From now on no segment goes: who looks for files that nobody knows wants all names
  /// (orphans.h).
  void KeepSegments() { keeps_segments_ = true; }
  /// With the next Commit those go that would have gone.
  void LetSegmentsGo() { keeps_segments_ = false; }

  /// The catalogue has everything before `position`, durably: segments before it go. Two syncs:
  /// call it every few seconds, not for every row; what is read again after a restart is harmless.
  [[nodiscard]] Result<void> Commit(JournalPosition position);
  /// What the last Commit said, also before a restart; the smallest position where nothing did.
  [[nodiscard]] JournalPosition committed() const;
  /// How often the disk refused something: what alarms look at.
  [[nodiscard]] std::uint64_t failures() const { return failures_; }

 private:
  Journal(Files& files, Options options) : files_(files), options_(std::move(options)) {}

  [[nodiscard]] Result<void> Replay();
  [[nodiscard]] Result<void> Roll();
  [[nodiscard]] std::optional<std::uint64_t> DurableEnd(std::uint64_t segment) const;
  [[nodiscard]] bool IsDamaged(JournalPosition position, std::optional<std::uint64_t> end);
  [[nodiscard]] std::string PathOf(std::uint64_t segment) const;
  void RemoveBefore(std::uint64_t segment);

  Files& files_;
  const Options options_;
  std::atomic<bool> keeps_segments_ = false;

  std::mutex sync_mutex_;  // one Sync or Commit at a time; taken before mutex_
  mutable std::mutex mutex_;
  JournalState state_;
  std::deque<std::uint64_t> segments_;  // all there are, the current one last
  std::uint64_t next_segment_ = 1;
  std::shared_ptr<File> file_;  // of the current segment
  std::uint64_t end_offset_ = 0;
  JournalPosition synced_;
  /// How far the segments were durable that this process closed.
  std::map<std::uint64_t, std::uint64_t> closed_;
  std::deque<std::vector<std::uint8_t>> unsynced_;  // frames
  std::uint64_t frames_gone_ = 0;                   // from the front of unsynced_, ever
  bool failed_ = false;                             // the current segment takes nothing more
  JournalPosition committed_;
  std::atomic<std::uint64_t> failures_ = 0;
};

}  // namespace yagura::storage
