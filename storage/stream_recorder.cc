#include "storage/stream_recorder.h"

#include <utility>

namespace yagura::storage {

StreamRecorder::StreamRecorder(std::shared_ptr<StreamAccount> account, StreamCutter cutter,
                               VolumeSet& volumes)
    : account_(std::move(account)),
      volumes_(volumes),
      cutter_(std::move(cutter)),
      volume_(&volumes_.Home()),
      route_(std::make_shared<StreamRoute>(*volume_)) {}

void StreamRecorder::OnAccessUnit(AccessUnit unit) {
  const std::scoped_lock lock(mutex_);
  if (ended_) return;
  fresh_ = true;
  GiveUpRefusedRun();
  takes_leave_ = takes_leave_ || volumes_.TakeLeave(*volume_);
  if (!rolls_ && (takes_leave_ || volumes_.IsRefused(*volume_))) {
    rolls_ = true;
    cutter_.RollRun();
  }
  cutter_.OnAccessUnit(std::move(unit), events_);
  PushEvents();
}

void StreamRecorder::OnInterruption(GapReason reason, WallTime from) {
  const std::scoped_lock lock(mutex_);
  if (ended_) return;
  GiveUpRefusedRun();
  cutter_.OnInterruption(reason, from, events_);
  PushEvents();
}

void StreamRecorder::SetOwners(OwnerSchedule owners) {
  const std::scoped_lock lock(mutex_);
  cutter_.SetOwners(std::move(owners));
}

void StreamRecorder::FlushStale() {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(fresh_, false) || ended_) return;
  GiveUpRefusedRun();
  cutter_.FlushKnown(events_);
  PushEvents();
}

void StreamRecorder::End(const EndOfStream& end) {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(ended_, true)) return;
  GiveUpRefusedRun();
  cutter_.Finish(events_);
  PushEvents();
  route_->Send({account_, end});
  volumes_.Forget(*volume_);
}

/// The writer refused this run and has opened the gap already.
void StreamRecorder::GiveUpRefusedRun() {
  const std::uint64_t ordinal = cutter_.run_ordinal();
  if (ordinal != 0 && ordinal <= account_->failed_ordinal) cutter_.AbandonRun();
}

void StreamRecorder::PushEvents() {
  bool refused = false;
  for (StreamEvent& event : events_) {
    if (const auto* interruption = std::get_if<Interruption>(&event)) {
      route_->Send({account_, PendingInterruption{newest_ordinal_, *interruption}});
      continue;
    }
    auto& fragment = std::get<Fragment>(event);
    if (fragment.boundary == Boundary::kStartsRun) {
      refused = false;
      rolls_ = false;
      ChooseVolume(fragment);
      newest_ordinal_ = fragment.run->ordinal;
    }
    const WallTime from = fragment.wall_start;
    if (refused) continue;
    if (auto held = volume_->Hold(account_, std::move(fragment))) {
      route_->Send({account_, std::move(held)});
      continue;
    }
    refused = true;
    cutter_.AbandonRun();
    route_->Send(
        {account_, PendingInterruption{newest_ordinal_, {GapReason::kRecorderOverloaded, from}}});
  }
  events_.clear();
}

/// The volume left behind closes what it has of the stream before the next one gets anything.
void StreamRecorder::ChooseVolume(const Fragment& first) {
  if (!first.samples.front().keyframe) return;  // it needs what lies on this volume
  VolumeWriter& next = volumes_.ForRun(*volume_, std::exchange(takes_leave_, false));
  if (&next == volume_) return;
  const bool full = volume_->volume().is_full();
  route_->Send(
      {account_, LeaveVolume{route_, &next, full ? GapReason::kVolumeFull : GapReason::kWriteFailed,
                             first.start, first.wall_start}});
  volume_ = &next;
}

}  // namespace yagura::storage
