#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/pg/pool_pg.h"

// What a test of deletions sees in the catalogue.
namespace yagura::storage {

/// What the catalogue has of a clip.
struct Seen {
  std::string rule;          // by which it is marked or was deleted; "": neither
  std::int64_t version = 0;  // of the term by which it goes
  bool planned = false;      // a plan is named
  std::uint64_t bytes = 0;
  bool row = false;
  bool proof = false;
};

/// By the clip's id. `pool` may read everything.
[[nodiscard]] std::map<std::string, Seen> ReadSeen(pg::Pool& pool);

/// Leaves the catalogue with its volumes and the office's first term alone.
inline constexpr char kForgetAll[] = R"(
  TRUNCATE hold, clip, clip_deletion, run, gap, camera_state;
  DELETE FROM retention_rule WHERE valid_from > '-infinity';
  UPDATE volume SET limit_bytes = NULL, stored_bytes = 0, stored_clips = 0, full_since = NULL)";

}  // namespace yagura::storage
