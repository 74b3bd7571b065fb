#include "storage/lived_time.h"

#include <algorithm>
#include <iterator>

namespace yagura::storage {

void LivedTime::Add(const WallRange& recorded) {
  if (recorded.from >= recorded.to) return;
  const auto first =
      std::find_if(stretches_.begin(), stretches_.end(),
                   [&](const WallRange& lived) { return lived.to >= recorded.from; });
  const auto last = std::find_if(first, stretches_.end(),
                                 [&](const WallRange& lived) { return lived.from > recorded.to; });
  if (first == last) {
    stretches_.insert(first, recorded);
  } else {
    first->from = std::min(first->from, recorded.from);
    first->to = std::max(std::prev(last)->to, recorded.to);
    stretches_.erase(std::next(first), last);
  }
  if (stretches_.size() > kStretchesMax) JoinTheClosest();
}

bool LivedTime::Covers(const WallRange& range) const {
  microseconds lived{0};
  for (const WallRange& one : stretches_) {
    if (Overlaps(one, range)) lived += std::min(one.to, range.to) - std::max(one.from, range.from);
  }
  return lived >= kLeast;
}

void LivedTime::JoinTheClosest() {
  auto closest = std::next(stretches_.begin());
  for (auto it = closest; it != stretches_.end(); ++it) {
    if (it->from - std::prev(it)->to < closest->from - std::prev(closest)->to) closest = it;
  }
  std::prev(closest)->to = closest->to;
  stretches_.erase(closest);
}

}  // namespace yagura::storage
