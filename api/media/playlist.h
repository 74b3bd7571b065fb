#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/media/coding.h"
#include "api/media/footage_plan.h"
#include "core/time.h"
#include "storage/catalogue.h"

namespace yagura::api {

/// A stretch of a clip file that a player fetches in one go.
struct PlaylistSegment {
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  MediaTime from;
  MediaTime to;
  bool starts_with_keyframe = true;
  friend bool operator==(const PlaylistSegment&, const PlaylistSegment&) = default;
};

/// Cuts a clip at keyframes, into segments of at least kSegmentLeast where its keyframes allow:
/// what lies in `window` of media time, widened to keyframes. Segments never reach over the end of
/// a clip. Pure.
inline constexpr std::chrono::seconds kSegmentLeast{2};
[[nodiscard]] std::vector<PlaylistSegment> SegmentsOf(const storage::ClipRow& clip,
                                                      MediaTime window_from, MediaTime window_to);

/// The media playlist (RFC 8216) of a plan: version 7, VOD, one EXT-X-MAP per run, byte ranges of
/// stored clips, a discontinuity at each change of run or break, the wall time of each clip. URLs
/// are relative to /v1/cameras/{id}/playback.m3u8. What is transcoded for it (coding) has whole
/// segments instead of byte ranges, and begins with a keyframe. Pure.
[[nodiscard]] std::string PlaylistText(const FootagePlan& plan, Coding coding = Coding::kAsSent);

}  // namespace yagura::api
