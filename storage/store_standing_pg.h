#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::storage {

/// How far copying to the object store has come, as `yagura keep` saw it last.
struct StoreStanding {
  std::string address;
  std::uint64_t stored_bytes = 0;
  std::uint64_t stored_clips = 0;
  std::optional<WallTime> copied_until;  // what ended before is copied, but for damaged files
  std::optional<WallTime> seen_at;
  std::string fault;  // why it doesn't go on; empty: it does
};
/// Nothing where the catalogue knows no store. As yagura_keep or yagura_admin.
[[nodiscard]] Result<std::optional<StoreStanding>> ReadStoreStanding(pg::Pool& pool);

}  // namespace yagura::storage
