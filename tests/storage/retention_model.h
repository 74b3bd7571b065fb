#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "core/pg/pool_pg.h"
#include "storage/journal_records.h"
#include "storage/retention.h"

// The words of a plain model of holds, terms and deletions, and what the catalogue says to them.
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

inline constexpr char kSeen[] = R"(
  SELECT run_id::text || '.' || sequence, coalesce(expiring_rule, ''), bytes, true, false FROM clip
  UNION ALL SELECT run_id::text || '.' || sequence, rule, bytes, false, true FROM clip_deletion)";

inline constexpr char kEmpty[] = R"(
  TRUNCATE hold, clip, clip_deletion, run, gap, camera_state;
  DELETE FROM retention_rule WHERE valid_from > '-infinity';
  UPDATE volume SET limit_bytes = NULL, stored_bytes = 0, stored_clips = 0, full_since = NULL)";

inline bool Holds(const Hold& hold, const Kept& kept) {
  return hold.camera == kept.clip.opened.camera && Overlaps(hold.range, kept.range());
}

/// What of a hold was doomed before, as PostgreSQL writes it.
inline std::string GoneOf(const Hold& hold, const std::vector<Kept>& clips) {
  std::string ranges;
  for (const Kept& kept : clips) {
    if (!kept.doomed || !Holds(hold, kept)) continue;
    const WallTime from = std::max(kept.range().from, hold.range.from);
    const WallTime to = std::min(kept.range().to, hold.range.to);
    ranges += (ranges.empty() ? "[" : ",[") + FormatRfc3339(from) + "," + FormatRfc3339(to) + ")";
  }
  return "{" + ranges + "}";
}
/// By the clip's id.
inline std::map<std::string, Seen> ReadSeen(pg::Pool& pool) {
  std::map<std::string, Seen> all;
  const auto read = pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    for (const auto& row : transaction.exec(kSeen)) {
      Seen& seen = all[row[0].c_str()];
      seen.rule = row[1].c_str();
      seen.bytes = row[2].as<std::uint64_t>();
      seen.row |= row[3].as<bool>();
      seen.proof |= row[4].as<bool>();
    }
    return {};
  });
  EXPECT_TRUE(read.has_value()) << ToString(read.error());
  return all;
}

}  // namespace yagura::storage
