#include "fleet/recorder_view.h"

#include <algorithm>

namespace yagura::fleet {
namespace {

WallRange Common(const WallRange& a, const WallRange& b) {
  return {std::max(a.from, b.from), std::min(a.to, b.to)};
}

struct OwnerStretch {
  storage::OwnerSpan span;
  WallRange valid;
};

/// Every stretch in which one unit was in charge and the camera stood on one floor, by time.
std::vector<OwnerStretch> OwnerStretches(const CameraDates& dates) {
  std::vector<OwnerStretch> stretches;
  for (const auto& charge : dates.charges) {
    for (const auto& placement : dates.placements) {
      const WallRange both = Common(charge.valid, placement.valid);
      if (both.from < both.to)
        stretches.push_back({{both.from, charge.value, placement.value}, both});
    }
  }
  std::ranges::sort(stretches, {}, [](const OwnerStretch& s) { return s.span.from; });
  return stretches;
}

}  // namespace

std::vector<WallRange> Joined(std::vector<WallRange> ranges) {
  std::erase_if(ranges, [](const WallRange& r) { return r.from >= r.to; });
  std::ranges::sort(ranges, {}, &WallRange::from);
  std::vector<WallRange> joined;
  for (const WallRange& range : ranges) {
    if (!joined.empty() && range.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, range.to);
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

OwnersAndDue JoinDates(CameraDates dates) {
  OwnersAndDue joined;
  for (const OwnerStretch& stretch : OwnerStretches(dates)) {
    joined.owners.push_back(stretch.span);
    for (const WallRange& recorded : dates.recorded) {
      joined.due.push_back(Common(stretch.valid, recorded));
    }
  }
  joined.due = Joined(std::move(joined.due));
  return joined;
}

std::optional<WallRange> DueAt(const std::vector<WallRange>& due, WallTime now,
                               const std::optional<WallRange>& recorded) {
  for (const WallRange& range : due) {
    if (range.from <= now && now < range.to) return range;
  }
  for (const WallRange& range : due) {
    if (recorded && range.from == recorded->from && now < range.from) return range;
  }
  return std::nullopt;
}

WallTime EndOfDue(const std::vector<WallRange>& due, WallTime now) {
  WallTime end = WallTime::min();
  for (const WallRange& range : due) {
    if (range.from <= now) end = std::max(end, std::min(range.to, now));
  }
  return end == WallTime::min() ? now : end;
}

}  // namespace yagura::fleet
