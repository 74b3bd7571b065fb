#include "ingest/delivery.h"

#include <algorithm>
#include <utility>

namespace yagura::ingest {
namespace {

/// Frames are dated by least-delayed arrivals, failures by the clock: the two may differ by this
/// much without a clock having stepped.
constexpr microseconds kTolerance{1'000'000};

}  // namespace

std::uint32_t Delivery::BeginTimeline() {
  new_timeline_ = true;
  return ++timeline_;
}

void Delivery::Deliver(AccessUnit unit, microseconds interval) {
  const WallTime end = unit.wall + interval;
  media_end_ = new_timeline_ ? end : std::max(media_end_, end);
  new_timeline_ = false;
  flowing_ = true;
  reason_.reset();
  sink_.OnAccessUnit(std::move(unit));
}

void Delivery::Interrupt(GapReason reason, WallTime at) {
  if (!flowing_ && reason == reason_) return;
  const bool slightly_early = at < last_from_ && last_from_ - at < kTolerance;
  last_from_ = flowing_ ? media_end_ : slightly_early ? last_from_ : at;
  flowing_ = false;
  reason_ = reason;
  sink_.OnInterruption(reason, last_from_);
}

}  // namespace yagura::ingest
