#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/calendar.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/copies_under_way.h"
#include "storage/files.h"
#include "storage/journal_records.h"
#include "storage/object_store.h"
#include "storage/retention.h"
#include "storage/retention_queries_pg.h"

namespace yagura::storage {

/// Carries deletion plans out, each clip in this order, so that a crash between any two steps is
/// taken up where it happened:
/// - D1: the row is marked as expiring, in a transaction that is committed: from here on the clip
///   is handed to nobody;
/// - D2: the file is unlinked, and its folder synced;
/// - D3: the proof of deletion is written and the row deleted, in one transaction. Where a copy may
///   lie in the object store, the row says that the file has gone, and the copy is deleted first:
///   in this pass or, while the store doesn't answer, in a later one.
///
/// A file that is gone already counts as unlinked, but only on a volume that shows its identity:
/// one that is not mounted is left alone.
///
/// Held clips (schema/0039_holds.sql) are marked by no rule; what was marked before a hold was
/// placed goes, as that hold's row says.
///
/// Nothing goes because of its age while the clock is in doubt: a clock that is a month ahead after
/// a boot would make all footage too old at once. In doubt it is until the catalogue has something
/// (a clip, a run or a gap that began or ended) in every hour of the last two; of the last day
/// where no time service keeps the clock. A clock that is behind deletes less, so it is trusted.
/// Deleting for space goes on, oldest first. One thread.
class Retention {
 public:
  struct Options {
    OfficeCalendar calendar;
    /// Free space of each file system that the recorder never touches
    /// (VolumeOptions::reserve_bytes): deleting begins before it is reached.
    std::uint64_t reserve_bytes = std::uint64_t{1} << 30;
    std::size_t clips_per_step = 500;  // of each volume in one plan, and in one transaction
    int steps_max = 200;               // of one pass
    /// How far our clock can be trusted now; asked where something is to go because of its age.
    std::function<ClockState()> clock_state = [] { return ClockState::kUnknown; };
    ObjectStore* store = nullptr;               // where copies lie, if anywhere
    const CopiesUnderWay* under_way = nullptr;  // with a store: of whoever copies to it
  };
  struct Outcome {
    std::uint64_t deleted = 0;
    std::uint64_t deleted_bytes = 0;
    std::uint64_t unlinked = 0;     // files, also those whose copy is still to be deleted
    std::vector<VolumeId> pressed;  // DeletionPlan::pressed, after all deletions
    std::uint64_t not_deletable =
        0;  // marked, but the file can't be unlinked; tried again in the next pass
    std::uint64_t copies_left = 0;  // of clips that are deleted but for their copy
    bool clock_in_doubt = false;    // footage seems too old, and stays: see Retention
  };

  /// `pool` connects as yagura_keep. All must outlive this.
  Retention(pg::Pool& pool, Files& files, const Clock& clock, Options options)
      : pool_(pool), files_(files), clock_(clock), options_(std::move(options)) {}

  /// Begins the deletion of what was recorded while a camera was staged that is in service now,
  /// ends deletions that were begun, then plans and deletes until nothing more is to go; says in
  /// the catalogue which volumes are full. The error is the first that stopped it; what was done
  /// before stays done.
  [[nodiscard]] Result<Outcome> Pass();

  /// Deletes old notes of clocks and reception (note_retention_pg.h); while the clock is in doubt
  /// it does nothing.
  [[nodiscard]] Result<void> DeleteNotes();

 private:
  [[nodiscard]] Result<bool> Step(const std::vector<KnownVolume>& volumes, Outcome& outcome);
  /// The catalogue at one instant, and the terms by which it was asked.
  struct Snapshot {
    RetentionSnapshot stored;
    RetentionTerms terms;
    WallTime at{};
  };
  [[nodiscard]] Result<Snapshot> TakeSnapshot(const std::vector<KnownVolume>& volumes);
  /// PlanDeletions, without what would go because of its age while the clock is in doubt.
  [[nodiscard]] Result<DeletionPlan> Plan(const Snapshot& snapshot, Outcome& outcome);
  [[nodiscard]] Result<bool> ClockIsInDoubt();
  [[nodiscard]] Result<void> Begin(const DeletionPlan& plan);
  [[nodiscard]] Result<void> BeginStaged();
  [[nodiscard]] Result<void> FinishBegun(const KnownVolume& volume, Outcome& outcome);
  [[nodiscard]] Result<void> Prove(const std::vector<ExpiringClip>& clips, Outcome& outcome);
  [[nodiscard]] std::vector<ExpiringClip> Unlink(const KnownVolume& volume,
                                                 const std::vector<ExpiringClip>& clips);
  [[nodiscard]] Result<void> DeleteCopies(Outcome& outcome);
  /// False where the store gives no answer.
  [[nodiscard]] bool DeleteCopy(const ExpiringClip& clip, std::vector<ExpiringClip>& deleted);

  pg::Pool& pool_;
  Files& files_;
  const Clock& clock_;
  const Options options_;
};

/// A volume on which recording has to stop, because it is full and nothing on it may go: what the
/// recorder asks every few seconds.
[[nodiscard]] Result<std::vector<VolumeId>> FullVolumes(pg::Pool& pool);

/// Of each volume that has held clips, as yagura_keep or yagura_admin. Reads each of these clips.
[[nodiscard]] Result<std::vector<HeldClips>> HeldOnVolumes(pg::Pool& pool);

}  // namespace yagura::storage
