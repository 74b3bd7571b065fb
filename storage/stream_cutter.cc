#include "storage/stream_cutter.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "storage/clip_identity.h"
#include "storage/mp4_boxes.h"
#include "storage/sha256.h"

namespace yagura::storage {
namespace {

constexpr std::int64_t kReorderingMax90k = 90'000 * 60;

/// Whether a fragment can say it at all. Ingest keeps such units away; a run is never damaged by
/// one that slipped through.
bool IsStorable(const AccessUnit& unit) {
  return !unit.data.empty() && unit.data.size() < UINT32_MAX / 2 && unit.format != nullptr &&
         unit.dts.ticks_90k >= 0 &&
         std::abs(unit.pts.ticks_90k - unit.dts.ticks_90k) <= kReorderingMax90k;
}

}  // namespace

StreamCutter::StreamCutter(Options options, OwnerSchedule owners, WallTime recorded_until)
    : options_(std::move(options)), owners_(std::move(owners)), lived_(recorded_until) {}

void StreamCutter::OnAccessUnit(AccessUnit unit, Events& events) {
  if (!IsStorable(unit)) return OnInterruption(GapReason::kFramesDamaged, unit.wall, events);
  const Next next = run_ ? Decide(unit) : Next::kBreak;
  if (next == Next::kContinue) return Append(std::move(unit), Boundary::kNone, events);
  if (next == Next::kNewClip) {
    clip_dts_ = unit.dts;
    return Append(std::move(unit), Boundary::kStartsClip, events);
  }
  if (next == Next::kBreak && run_) {
    const bool stepped = unit.timeline != timeline_;
    OnInterruption(stepped ? GapReason::kClockStep : GapReason::kFramesDamaged, unit.wall, events);
  }
  const auto owner = OwnerAt(unit.wall);
  if (!owner || (next == Next::kBreak && !unit.keyframe)) return Wait(unit, events);
  if (next == Next::kNewRun) {
    // The old run's last frame lasts until this one; only then may the builder begin anew.
    Emit(builder_.FlushBefore(unit.dts), events);
  }
  StartRun(unit, *owner);
  Append(std::move(unit), Boundary::kStartsRun, events);
}

/// Before the first owner nothing is recorded; but where something was already, our clock was set
/// back since, and it is still theirs.
std::optional<Owner> StreamCutter::OwnerAt(WallTime time) const {
  const auto owner = owners_.At(time);
  const auto first = owners_.First();
  if (owner || last_ordinal_ == 0 || !first) return owner;
  return Owner{first->unit, first->floor};
}

StreamCutter::Next StreamCutter::Decide(const AccessUnit& unit) const {
  if (!GoesOn(unit)) return Next::kBreak;
  const bool same_format = unit.format == format_ || *unit.format == *format_;
  if (!same_format) return unit.keyframe ? Next::kNewRun : Next::kBreak;
  if (unit.wall >= roll_at_ && (unit.keyframe || unit.wall >= roll_at_ + kRollPatience)) {
    return Next::kNewRun;
  }
  const std::int64_t age_90k = unit.dts.ticks_90k - clip_dts_.ticks_90k;
  if (age_90k >= kClipMax90k || (unit.keyframe && age_90k >= kClipTarget90k)) return Next::kNewClip;
  return Next::kContinue;
}

bool StreamCutter::GoesOn(const AccessUnit& unit) const {
  const std::int64_t step_90k = unit.dts.ticks_90k - last_dts_.ticks_90k;
  return unit.timeline == timeline_ && step_90k > 0 && step_90k <= kFrameMax90k;
}

/// Looks as far ahead as a clip can reach.
bool StreamCutter::IsRepeated(WallTime clip_start) const {
  return lived_.Covers({clip_start, clip_start + Between({}, MediaTime{kClipMax90k})});
}

void StreamCutter::StartRun(const AccessUnit& unit, const Owner& owner) {
  auto run = std::make_shared<Run>();
  run->ordinal = ++last_ordinal_;
  run->clock = options_.clock_state();
  run->init_segment = BuildInitSegment(*unit.format, kIdentityBoxBytes);
  run->opened = RunOpened{.run = options_.new_run_id(),
                          .camera = options_.camera,
                          .stream = options_.stream,
                          .owner = owner,
                          .clock = IsRepeated(unit.wall) ? ClockState::kRepeated : run->clock,
                          .media_start = unit.pts,
                          .wall_start = unit.wall,
                          .format = *unit.format,
                          .init_sha256 = Sha256Of(run->init_segment)};
  run_ = std::move(run);
  format_ = unit.format;
  timeline_ = unit.timeline;
  clip_dts_ = unit.dts;
  run_wall_ = unit.wall;
  roll_at_ = owners_.NextChange(run_wall_);
  waiting_ = false;
  builder_.Begin(run_);
}

void StreamCutter::Append(AccessUnit unit, Boundary boundary, Events& events) {
  last_dts_ = unit.dts;
  last_wall_ = unit.wall;
  Emit(builder_.Add(std::move(unit), boundary), events);
}

void StreamCutter::Wait(const AccessUnit& unit, Events& events) {
  if (waiting_ || !OwnerAt(unit.wall)) return;
  waiting_ = true;
  events.emplace_back(Interruption{GapReason::kWaitingForKeyframe, unit.wall});
}

void StreamCutter::OnInterruption(GapReason reason, WallTime from, Events& events) {
  Emit(builder_.FlushAll(), events);
  run_.reset();
  waiting_ = reason == GapReason::kWaitingForKeyframe;
  events.emplace_back(Interruption{reason, from});
}

void StreamCutter::SetOwners(OwnerSchedule owners) {
  owners_ = std::move(owners);
  if (!run_) return;
  const bool still_theirs = owners_.At(run_wall_) == run_->opened.owner;
  roll_at_ = still_theirs ? owners_.NextChange(run_wall_) : run_wall_;
}

void StreamCutter::Finish(Events& events) {
  Emit(builder_.FlushAll(), events);
  run_.reset();
}

void StreamCutter::FlushKnown(Events& events) { Emit(builder_.FlushKnown(), events); }

void StreamCutter::RollRun() {
  if (run_) roll_at_ = std::min(roll_at_, last_wall_);
}

void StreamCutter::AbandonRun() {
  builder_.Discard();
  run_.reset();
  waiting_ = true;
}

void StreamCutter::Emit(std::optional<Fragment> fragment, Events& events) {
  if (!fragment) return;
  fragment->repeated = IsRepeated(fragment->wall_start);
  lived_.Add({fragment->wall_start, fragment->wall_end});
  events.emplace_back(std::move(*fragment));
}

}  // namespace yagura::storage
