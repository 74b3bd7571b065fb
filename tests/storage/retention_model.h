#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/journal_records.h"
#include "storage/retention.h"

// The words of a plain model of holds, terms and deletions.
namespace yagura::storage {

/// A clip, as the model knows it.
struct Kept {
  ClipClosed clip;
  std::string path;
  bool doomed = false;  // marked or deleted, when last looked at
  [[nodiscard]] WallRange range() const { return {clip.opened.wall_start, clip.wall_end}; }
};
[[nodiscard]] inline std::string Name(const Kept& kept) {
  return "clip " + ToString(kept.clip.opened.clip);
}
struct Hold {
  std::string id;
  CameraId camera;
  WallRange range;
};
/// Where a floor lies, and every place around a clip, the nearest first.
struct Surroundings {
  std::map<FloorId, std::pair<BuildingId, SiteId>> floors;
  [[nodiscard]] std::vector<TermSubject> Around(const Kept& kept) const {
    const FloorId floor = kept.clip.opened.owner.floor;
    const auto& [building, site] = floors.at(floor);
    return {kept.clip.opened.camera, floor, building, site, TermSubject()};
  }
};

/// The term that counts for a clip: of the nearest subject whose newest term says a length. By
/// sorting, not by search: another way than RetentionTerms goes.
[[nodiscard]] inline RetentionTerm TermOf(const Kept& kept, std::vector<RetentionTerm> terms,
                                          const Surroundings& places, WallTime now) {
  std::erase_if(terms, [&](const RetentionTerm& term) { return term.from > now; });
  std::stable_sort(terms.begin(), terms.end(),
                   [](const auto& one, const auto& other) { return one.from < other.from; });
  for (const TermSubject& subject : places.Around(kept)) {
    std::optional<RetentionTerm> newest;
    for (const RetentionTerm& term : terms) {
      if (term.of == subject) newest = term;
    }
    if (newest && newest->rule) return *newest;
  }
  return {};
}

[[nodiscard]] inline bool Holds(const Hold& hold, const Kept& kept) {
  return hold.camera == kept.clip.opened.camera && Overlaps(hold.range, kept.range());
}

/// What of a hold was doomed before, as PostgreSQL writes it.
[[nodiscard]] inline std::string GoneOf(const Hold& hold, const std::vector<Kept>& clips) {
  std::string ranges;
  for (const Kept& kept : clips) {
    if (!kept.doomed || !Holds(hold, kept)) continue;
    const WallTime from = std::max(kept.range().from, hold.range.from);
    const WallTime to = std::min(kept.range().to, hold.range.to);
    ranges += (ranges.empty() ? "[" : ",[") + FormatRfc3339(from) + "," + FormatRfc3339(to) + ")";
  }
  return "{" + ranges + "}";
}

}  // namespace yagura::storage
