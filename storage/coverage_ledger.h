#pragma once

#include <optional>
#include <vector>

#include "storage/journal_records.h"
#include "storage/owner_schedule.h"

namespace yagura::storage {

/// Keeps one stream's account of time: from the start of due on, each instant lies in a recorded
/// stretch or in exactly one open or ended gap. Knows no files: told what was stored, it answers
/// with the gap records that keep the account whole. Gaps are split where their reason, the owner
/// or the office's day changes. Pure; whoever owns it locks.
class CoverageLedger {
 public:
  using Records = std::vector<JournalRecord>;

  CoverageLedger(CameraId camera, Stream stream, OwnerSchedule owners);

  /// Due begins at `from` (or with the first owner, where that is later), and nothing is recorded,
  /// for `reason`.
  void Begin(GapReason reason, WallTime from, Records& records);
  /// Due began long ago: `gap` is open since.
  void Resume(const GapOpened& gap, Records& records);

  /// A run starts at `start`: ends the gap; from here on what is stored counts.
  void RunStarts(WallTime start, Records& records);
  /// A fragment that ends at `end` is stored.
  void Stored(WallTime end) { stored_until_ = end; }
  /// From the end of what is stored on nothing is recorded; where that is so already, the reason
  /// changes at `from`. That a keyframe is waited for is noted only when none can come any more
  /// that was captured before (Advance) or when one has come that was captured later.
  void Interrupt(GapReason reason, WallTime from, Records& records);
  /// Something stored within `lost` turned out not to be: a gap of its own, ended.
  void Lost(const WallRange& lost, GapReason reason, Records& records) const;
  /// Time passes: splits an open gap where owner or day have changed by `now`.
  void Advance(WallTime now, Records& records);
  /// Our clock was looked at, and hadn't been set since it was looked at last.
  void ClockRanOn() { begun_since_look_ = false; }
  /// Our clock was set back, some time since it was looked at last: a gap that was open goes until
  /// `before`, and from `after` on there is another one. One that was begun since is left as it is.
  void ClockSetBack(WallTime before, WallTime after, Records& records);
  void SetOwners(OwnerSchedule owners, Records& records);
  /// Due ends at `until`, as far as is known: no gap is told of from then on, whatever becomes of
  /// the camera until End().
  void SetDueUntil(WallTime until) { due_until_ = until; }
  /// Due ends at `at`.
  void End(WallTime at, Records& records);

  [[nodiscard]] const std::optional<GapOpened>& gap() const { return gap_; }

 private:
  void Open(GapReason reason, WallTime from, Records& records);
  void Close(WallTime to, Records& records);
  void CheckOwner(Records& records);
  void SplitBefore(WallTime time, Records& records);
  void SplitAtChanges(WallTime until, Records& records);
  void Switch(Records& records);

  CameraId camera_;
  Stream stream_;
  OwnerSchedule owners_;
  std::optional<GapOpened> gap_;
  /// What the open gap's reason changes to, and when.
  struct NextReason {
    GapReason reason;
    WallTime from;
  };
  std::optional<NextReason> next_;
  /// A gap that begins only when the first owner does.
  std::optional<GapReason> not_due_yet_;
  WallTime stored_until_{};
  WallTime due_until_ = WallTime::max();
  bool begun_since_look_ = false;  // the open gap, since our clock was looked at
};

}  // namespace yagura::storage
