// The media playlist of a LivePackage.

#include <algorithm>
#include <array>
#include <cstdio>

#include "api/media/live_package.h"

namespace yagura::api {
namespace {

constexpr std::int64_t kPartTarget90k = kMediaTimescale / 5;
constexpr std::int64_t kTargetLeast = 2;  // seconds
/// Parts are told of so many segments at the end; of older ones nobody asks for a part.
constexpr std::size_t kSegmentsInParts = 3;
/// How far behind the end a player stays, in parts (RFC 8216bis 4.4.3.8: three at least).
constexpr std::int64_t kHoldBackParts = 3;

/// Rounded up to a thousandth.
std::string Seconds(std::int64_t ticks_90k) {
  std::array<char, 32> text{};
  const std::int64_t thousandths = (ticks_90k * 1000 + kMediaTimescale - 1) / kMediaTimescale;
  const int length =
      std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(thousandths) / 1000);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string AddressOf(std::uint64_t segment, std::optional<std::size_t> part,
                      const std::string& suffix) {
  return "live.m4s?segment=" + std::to_string(segment) +
         (part ? "&part=" + std::to_string(*part) : "") + suffix;
}

}  // namespace

std::optional<std::string> LivePackage::Playlist(WallTime from, const std::string& suffix) const {
  const std::scoped_lock lock(mutex_);
  const auto first = std::ranges::find_if(segments_, [&](const Segment& segment) {
    return !segment.parts.empty() && segment.parts.front().from >= from &&
           segment.parts.front().independent;
  });
  if (first == segments_.end()) return std::nullopt;
  std::int64_t target = kTargetLeast;
  std::int64_t part_target_90k = kPartTarget90k;
  for (auto segment = first; segment != segments_.end(); ++segment) {
    target = std::max(target, (segment->duration_90k + kMediaTimescale - 1) / kMediaTimescale);
    for (const LivePart& part : segment->parts)
      part_target_90k = std::max(part_target_90k, part.duration_90k);
  }
  std::string text = "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:" + std::to_string(target);
  text += "\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=" +
          Seconds(kHoldBackParts * part_target_90k);
  text += "\n#EXT-X-PART-INF:PART-TARGET=" + Seconds(part_target_90k);
  text += "\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(first->number);
  text += "\n#EXT-X-DISCONTINUITY-SEQUENCE:" +
          std::to_string(first->breaks - (first->discontinuous ? 1 : 0)) + "\n";
  const Segment* before = nullptr;
  for (auto segment = first; segment != segments_.end(); ++segment) {
    const bool in_parts = static_cast<std::size_t>(segments_.end() - segment) <= kSegmentsInParts;
    AppendSegment(text, *segment, before, in_parts, suffix);
    before = &*segment;
  }
  const Segment& last = segments_.back();
  const LivePlace hint =
      last.closed ? LivePlace{last.number + 1, 0} : LivePlace{last.number, last.parts.size()};
  return text + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"" +
         AddressOf(hint.segment, hint.part, suffix) + "\"\n";
}

void LivePackage::AppendSegment(std::string& text, const Segment& segment, const Segment* before,
                                bool in_parts, const std::string& suffix) {
  if (segment.parts.empty()) return;
  if (segment.discontinuous) text += "#EXT-X-DISCONTINUITY\n";
  if (before == nullptr || before->init != segment.init)
    text += "#EXT-X-MAP:URI=\"live-init.mp4?name=" + segment.init + suffix + "\"\n";
  text += "#EXT-X-PROGRAM-DATE-TIME:" + FormatRfc3339(segment.parts.front().from) + "\n";
  for (std::size_t i = 0; in_parts && i < segment.parts.size(); ++i) {
    text += "#EXT-X-PART:DURATION=" + Seconds(segment.parts[i].duration_90k) + ",URI=\"" +
            AddressOf(segment.number, i, suffix) + "\"";
    text += segment.parts[i].independent ? ",INDEPENDENT=YES\n" : "\n";
  }
  if (!segment.closed) return;
  text += "#EXTINF:" + Seconds(segment.duration_90k) + ",\n" +
          AddressOf(segment.number, std::nullopt, suffix) + "\n";
}

}  // namespace yagura::api
