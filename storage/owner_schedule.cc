#include "storage/owner_schedule.h"

#include <algorithm>

namespace yagura::storage {
namespace {

bool SameOwner(const OwnerSpan& a, const OwnerSpan& b) {
  return a.unit == b.unit && a.floor == b.floor;
}

/// Sorted, one span an instant, none that changes nothing.
std::vector<OwnerSpan> Tidied(std::vector<OwnerSpan> spans) {
  std::stable_sort(spans.begin(), spans.end(),
                   [](const OwnerSpan& a, const OwnerSpan& b) { return a.from < b.from; });
  std::vector<OwnerSpan> tidied;
  for (const OwnerSpan& span : spans) {
    if (!tidied.empty() && tidied.back().from == span.from) tidied.pop_back();
    if (tidied.empty() || !SameOwner(tidied.back(), span)) tidied.push_back(span);
  }
  return tidied;
}

}  // namespace

OwnerSchedule::OwnerSchedule(std::vector<OwnerSpan> spans, OfficeCalendar calendar)
    : spans_(Tidied(std::move(spans))), calendar_(std::move(calendar)) {}

std::optional<Owner> OwnerSchedule::At(WallTime time) const {
  const auto after =
      std::upper_bound(spans_.begin(), spans_.end(), time,
                       [](WallTime t, const OwnerSpan& span) { return t < span.from; });
  if (after == spans_.begin()) return std::nullopt;
  return Owner{std::prev(after)->unit, std::prev(after)->floor};
}

WallTime OwnerSchedule::NextChange(WallTime time) const {
  const WallTime midnight = calendar_.MidnightAfter(time);
  const auto after =
      std::upper_bound(spans_.begin(), spans_.end(), time,
                       [](WallTime t, const OwnerSpan& span) { return t < span.from; });
  return after == spans_.end() ? midnight : std::min(midnight, after->from);
}

std::optional<OwnerSpan> OwnerSchedule::First() const {
  if (spans_.empty()) return std::nullopt;
  return spans_.front();
}

}  // namespace yagura::storage
