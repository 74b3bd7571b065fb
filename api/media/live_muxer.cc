#include "api/media/live_muxer.h"

#include <algorithm>

#include "core/crc32c.h"
#include "storage/fragment.h"
#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

constexpr std::int64_t kFirstDuration90k = kMediaTimescale / 30;
constexpr std::int64_t kDurationMax90k = 5 * kMediaTimescale;

std::string TextOf(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

bool LiveMuxer::Fits(const AccessUnit& unit) const {
  return format_ == nullptr || format_ == unit.format || *format_ == *unit.format;
}

std::string LiveMuxer::HeadOf(const AccessUnit& unit) {
  const bool first = format_ == nullptr;
  const std::int64_t dts_90k = PlaceOf(unit);
  format_ = unit.format;
  storage::Fragment fragment;
  fragment.samples.push_back(
      {.size_bytes = static_cast<std::uint32_t>(unit.data.size()),
       .duration_90k = static_cast<std::uint32_t>(duration_90k_),
       .composition_90k = static_cast<std::int32_t>(unit.pts.ticks_90k - unit.dts.ticks_90k),
       .keyframe = unit.keyframe});
  fragment.media.push_back(unit.data);
  fragment.first_dts = MediaTime{dts_90k};
  storage::FinishFragment(fragment, ++sequence_, Crc32c(unit.data.bytes()));
  const std::string head = TextOf(fragment.head);
  return first ? TextOf(storage::BuildInitSegment(*unit.format)) + head : head;
}

std::int64_t LiveMuxer::PlaceOf(const AccessUnit& unit) {
  if (format_ == nullptr) {
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
  return last_dts_90k_;
}

}  // namespace yagura::api
