#include "api/media/live_muxer.h"

#include "core/crc32c.h"
#include "storage/fragment.h"
#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

std::string TextOf(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

bool LiveMuxer::Fits(const AccessUnit& unit) const {
  return format_ == nullptr || format_ == unit.format || *format_ == *unit.format;
}

std::string LiveMuxer::HeadOf(const AccessUnit& unit) {
  const bool first = format_ == nullptr;
  const LiveAxis::Place place = axis_.PlaceOf(unit);
  format_ = unit.format;
  storage::Fragment fragment;
  fragment.samples.push_back(
      {.size_bytes = static_cast<std::uint32_t>(unit.data.size()),
       .duration_90k = static_cast<std::uint32_t>(place.duration_90k),
       .composition_90k = static_cast<std::int32_t>(unit.pts.ticks_90k - unit.dts.ticks_90k),
       .keyframe = unit.keyframe});
  fragment.media.push_back(unit.data);
  fragment.first_dts = MediaTime{place.dts_90k};
  storage::FinishFragment(fragment, ++sequence_, Crc32c(unit.data.bytes()));
  const std::string head = TextOf(fragment.head);
  return first ? TextOf(storage::BuildInitSegment(*unit.format)) + head : head;
}

}  // namespace yagura::api
