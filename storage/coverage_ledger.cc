#include "storage/coverage_ledger.h"

#include <algorithm>
#include <utility>

namespace yagura::storage {
CoverageLedger::CoverageLedger(CameraId camera, Stream stream, OwnerSchedule owners)
    : camera_(camera), stream_(stream), owners_(std::move(owners)) {}

void CoverageLedger::Begin(GapReason reason, WallTime from, Records& records) {
  if (owners_.At(from)) return Open(reason, from, records);
  not_due_yet_ = reason;
}

void CoverageLedger::Resume(const GapOpened& gap, Records& records) {
  gap_ = gap;
  stored_until_ = gap.from;
  CheckOwner(records);
  begun_since_look_ = false;
}

void CoverageLedger::RunStarts(WallTime start, Records& records) {
  SplitBefore(start, records);
  if (gap_) {
    Close(start, records);
    stored_until_ = start;
  }
  next_.reset();
  not_due_yet_.reset();
}

void CoverageLedger::Interrupt(GapReason reason, WallTime from, Records& records) {
  if (not_due_yet_) {
    not_due_yet_ = reason;
    return;
  }
  if (!gap_) return Open(reason, stored_until_, records);
  SplitBefore(from, records);
  if (next_) Switch(records);
  if (!gap_) {  // due has ended meanwhile
    if (not_due_yet_) not_due_yet_ = reason;
    return;
  }
  if (gap_->reason == reason) return;
  next_ = NextReason{reason, std::max(from, gap_->from)};
  if (reason != GapReason::kWaitingForKeyframe) Switch(records);
}

void CoverageLedger::Lost(const WallRange& lost, GapReason reason, Records& records) const {
  if (lost.from >= lost.to) return;
  CoverageLedger aside(camera_, stream_, owners_);
  aside.stored_until_ = lost.from;
  aside.due_until_ = due_until_;
  aside.Interrupt(reason, lost.from, records);
  if (aside.gap_) aside.RunStarts(lost.to, records);
}

void CoverageLedger::Advance(WallTime now, Records& records) {
  if (not_due_yet_) {
    const auto first = owners_.First();
    if (!first || now < first->from) return;
    Open(*std::exchange(not_due_yet_, std::nullopt), first->from, records);
  }
  if (next_ && next_->from <= now) {
    SplitAtChanges(next_->from - microseconds(1), records);
    Switch(records);
  }
  SplitAtChanges(now, records);
}

void CoverageLedger::SplitAtChanges(WallTime until, Records& records) {
  while (gap_) {
    const WallTime change = owners_.NextChange(gap_->from);
    if (change > until) return;
    const GapReason reason = gap_->reason;
    Close(change, records);
    Open(reason, change, records);
  }
}

void CoverageLedger::Switch(Records& records) {
  const NextReason next = *std::exchange(next_, std::nullopt);
  if (!gap_) return;
  Close(next.from, records);
  Open(next.reason, next.from, records);
}

/// As Advance, but leaves a change at `time` itself to whatever happens there.
void CoverageLedger::SplitBefore(WallTime time, Records& records) {
  Advance(time - microseconds(1), records);
}

void CoverageLedger::ClockSetBack(WallTime before, WallTime after, Records& records) {
  if (!gap_ || gap_->from >= before) return;
  // Where it began tells its life only of one that began just now.
  if (begun_since_look_ && gap_->from - after < before - gap_->from) return;
  SplitBefore(before, records);
  if (!gap_) return;  // due has ended meanwhile
  const GapReason reason =
      std::exchange(next_, std::nullopt).value_or(NextReason{gap_->reason, {}}).reason;
  Close(before, records);
  Open(reason, after, records);
  stored_until_ = after;
}

void CoverageLedger::SetOwners(OwnerSchedule owners, Records& records) {
  owners_ = std::move(owners);
  CheckOwner(records);
}

/// A change of owner that is learnt late: the gap was the new owner's from its start.
void CoverageLedger::CheckOwner(Records& records) {
  if (!gap_ || owners_.At(gap_->from) == gap_->owner) return;
  const GapOpened wrong = *gap_;
  Close(wrong.from, records);
  Begin(wrong.reason, wrong.from, records);
}

void CoverageLedger::End(WallTime at, Records& records) {
  if (!not_due_yet_ && !gap_ && stored_until_ < at) {
    Open(GapReason::kRecorderRestart, stored_until_, records);
  }
  if (gap_) {
    SplitBefore(at, records);
    Close(at, records);
  }
  next_.reset();
  not_due_yet_.reset();
}

void CoverageLedger::Open(GapReason reason, WallTime from, Records& records) {
  if (from >= due_until_) {
    stored_until_ = std::max(stored_until_, due_until_);  // all that was due is accounted for
    return;
  }
  const auto owner = owners_.At(from);
  if (!owner) {
    not_due_yet_ = reason;
    return;
  }
  gap_ = GapOpened{.gap = NewId<GapId>(),
                   .camera = camera_,
                   .stream = stream_,
                   .owner = *owner,
                   .reason = reason,
                   .from = from};
  begun_since_look_ = true;
  records.emplace_back(*gap_);
}

void CoverageLedger::Close(WallTime to, Records& records) {
  records.emplace_back(
      GapEnded{.gap = gap_->gap, .to = std::max(std::min(to, due_until_), gap_->from)});
  gap_.reset();
}

}  // namespace yagura::storage
