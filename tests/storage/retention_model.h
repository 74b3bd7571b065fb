#pragma once

#include <algorithm>
#include <string>
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
struct Hold {
  std::string id;
  CameraId camera;
  WallRange range;
};
struct Term {
  WallTime from;
  RetentionRule rule;
};

/// What the catalogue has of a clip.
struct Seen {
  std::string rule;  // by which it is marked or was deleted; "": neither
  std::uint64_t bytes = 0;
  bool row = false;
  bool proof = false;
};

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
