#include "api/media/clip_times.h"

#include <algorithm>

namespace yagura::api {
namespace {

__extension__ using Wide = __int128;

/// value * to / from without overflow: a clip has at most 130 s, but an instant may lie centuries
/// outside.
std::int64_t Scale(std::int64_t value, std::int64_t to, std::int64_t from) {
  return static_cast<std::int64_t>(static_cast<Wide>(value) * to / from);
}

}  // namespace

MediaTime MediaAt(const storage::ClipRow& clip, WallTime wall) {
  const std::int64_t wall_us = std::max<std::int64_t>(1, (clip.end - clip.start).count());
  const std::int64_t media = clip.media_end.ticks_90k - clip.media_start.ticks_90k;
  return {clip.media_start.ticks_90k + Scale((wall - clip.start).count(), media, wall_us)};
}

WallTime WallAt(const storage::ClipRow& clip, MediaTime media) {
  const std::int64_t ticks =
      std::max<std::int64_t>(1, clip.media_end.ticks_90k - clip.media_start.ticks_90k);
  const std::int64_t wall_us = (clip.end - clip.start).count();
  return clip.start +
         microseconds(Scale(media.ticks_90k - clip.media_start.ticks_90k, wall_us, ticks));
}

MediaTime KeyframeBefore(const storage::ClipRow& clip, MediaTime media) {
  MediaTime found = clip.media_start;
  for (const auto& keyframe : clip.keyframes) {
    if (keyframe.media_time <= media) found = std::max(found, keyframe.media_time);
  }
  return found;
}

MediaTime KeyframeAfter(const storage::ClipRow& clip, MediaTime media) {
  MediaTime found = clip.media_end;
  for (const auto& keyframe : clip.keyframes) {
    if (keyframe.media_time >= media) found = std::min(found, keyframe.media_time);
  }
  return found;
}

}  // namespace yagura::api
