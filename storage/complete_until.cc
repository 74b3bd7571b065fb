#include "storage/complete_until.h"

#include <algorithm>

namespace yagura::storage {

MediaTime CompleteUntil(MediaTime bound, std::vector<MediaTime> ahead, std::int64_t step_90k) {
  std::sort(ahead.begin(), ahead.end());
  MediaTime end = bound;
  for (const MediaTime pts : ahead) {
    const bool hole = pts.ticks_90k - end.ticks_90k > step_90k / 2;
    if (hole) break;
    end = std::max(end, MediaTime{pts.ticks_90k + step_90k});
  }
  return end;
}

}  // namespace yagura::storage
