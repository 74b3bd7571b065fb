#include "ingest/wall_clock.h"

#include <algorithm>
#include <limits>

namespace yagura::ingest {
namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t kNothing = std::numeric_limits<std::int64_t>::max();

std::int64_t Nanoseconds(std::int64_t ticks) { return ticks * 100'000 / 9; }

std::int64_t SinceEpochNs(WallTime time) { return nanoseconds(time.time_since_epoch()).count(); }

}  // namespace

WallTime WallClock::Observe(std::int64_t ticks, const Instant& arrival) {
  const std::int64_t mono_ns = arrival.mono.time_since_epoch().count();
  if (!started_) {
    least_by_second_.fill(kNothing);
    least_ns_ = kNothing;
    furthest_ticks_ = ticks;
  }
  NoteDelay(mono_ns - Nanoseconds(ticks), arrival.mono);
  target_ns_ = least_ns_ + SinceEpochNs(arrival.wall) - mono_ns;
  if (!started_) Correct();
  started_ = true;
  Slew(ticks);
  return At(ticks);
}

WallTime WallClock::At(std::int64_t ticks) const {
  return WallTime(std::chrono::floor<microseconds>(nanoseconds(Nanoseconds(ticks) + offset_ns_)));
}

bool WallClock::off() const {
  return std::abs(target_ns_ - offset_ns_) >= nanoseconds(kMaxError).count();
}

void WallClock::NoteDelay(std::int64_t delay_ns, MonoTime arrival) {
  const std::int64_t second =
      std::chrono::floor<std::chrono::seconds>(arrival.time_since_epoch()).count();
  const auto slot = [](std::int64_t s) { return static_cast<std::size_t>(s) % kWindowSeconds; };
  if (second != second_) {
    const std::int64_t oldest_kept = second - static_cast<std::int64_t>(kWindowSeconds);
    for (std::int64_t s = std::max(second_, oldest_kept) + 1; s <= second; ++s)
      least_by_second_[slot(s)] = kNothing;
    second_ = second;
    least_ns_ = *std::min_element(least_by_second_.begin(), least_by_second_.end());
  }
  std::int64_t& least = least_by_second_[slot(second)];
  least = std::min(least, delay_ns);
  least_ns_ = std::min(least_ns_, delay_ns);
}

void WallClock::Slew(std::int64_t ticks) {
  const std::int64_t advanced = ticks - furthest_ticks_;
  if (advanced <= 0) return;
  furthest_ticks_ = ticks;
  if (off()) return;
  const std::int64_t most = Nanoseconds(advanced) * kMaxSlewPpm / 1'000'000;
  offset_ns_ += std::clamp(target_ns_ - offset_ns_, -most, most);
}

}  // namespace yagura::ingest
