#include "storage/stream_recorder.h"

#include <algorithm>
#include <utility>

namespace yagura::storage {

StreamRecorder::StreamRecorder(std::shared_ptr<StreamAccount> account, StreamCutter cutter,
                               std::vector<VolumeWriter*> volumes, std::size_t home)
    : account_(std::move(account)),
      volumes_(std::move(volumes)),
      cutter_(std::move(cutter)),
      volume_(volumes_.at(home)) {}

void StreamRecorder::OnAccessUnit(AccessUnit unit) {
  const std::scoped_lock lock(mutex_);
  if (ended_) return;
  fresh_ = true;
  GiveUpRefusedRun();
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
  volume_->Push(account_, end);
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
      volume_->Push(account_, newest_ordinal_, *interruption);
      continue;
    }
    auto& fragment = std::get<Fragment>(event);
    if (fragment.boundary == Boundary::kStartsRun) {
      refused = false;
      ChooseVolume(fragment.wall_start);
      newest_ordinal_ = fragment.run->ordinal;
    }
    const WallTime from = fragment.wall_start;
    if (refused || volume_->Push(account_, std::move(fragment))) continue;
    refused = true;
    cutter_.AbandonRun();
    volume_->Push(account_, newest_ordinal_, Interruption{GapReason::kRecorderOverloaded, from});
  }
  events_.clear();
}

/// Stays where it is as long as that volume accepts, and where none does. The volume left behind
/// closes what it has of the stream.
void StreamRecorder::ChooseVolume(WallTime run_start) {
  if (volume_->accepts()) return;
  const auto other = std::find_if(volumes_.begin(), volumes_.end(),
                                  [](const VolumeWriter* volume) { return volume->accepts(); });
  if (other == volumes_.end()) return;
  const bool full = volume_->volume().is_full();
  volume_->Push(account_, newest_ordinal_,
                Interruption{full ? GapReason::kVolumeFull : GapReason::kWriteFailed, run_start});
  volume_ = *other;
}

}  // namespace yagura::storage
