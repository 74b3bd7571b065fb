#include "api/media/live_axis.h"

#include <algorithm>

namespace yagura::api {
namespace {

constexpr std::int64_t kFirstDuration90k = kMediaTimescale / 30;
constexpr std::int64_t kDurationMax90k = 5 * kMediaTimescale;

}  // namespace

LiveAxis::Place LiveAxis::PlaceOf(const AccessUnit& unit) {
  if (!begun_) {
    begun_ = true;
    duration_90k_ = kFirstDuration90k;
    shift_90k_ = -unit.dts.ticks_90k;
  } else if (unit.timeline != timeline_) {
    const std::int64_t between_90k = (unit.wall - last_wall_).count() * 9 / 100;
    shift_90k_ = last_dts_90k_ + std::max(between_90k, duration_90k_) - unit.dts.ticks_90k;
  } else {
    const std::int64_t since_90k = unit.dts.ticks_90k + shift_90k_ - last_dts_90k_;
    if (since_90k > 0 && since_90k <= kDurationMax90k) duration_90k_ = since_90k;
  }
  timeline_ = unit.timeline;
  last_wall_ = unit.wall;
  last_dts_90k_ = unit.dts.ticks_90k + shift_90k_;
  return {last_dts_90k_, duration_90k_};
}

}  // namespace yagura::api
