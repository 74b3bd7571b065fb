#pragma once

#include <map>

#include "core/pg/pool_pg.h"
#include "core/time.h"
#include "fleet/phases_pg.h"

namespace yagura::app {

/// Puts phases in service at their dates, as `yagura keep` does: a little before each date, and
/// again and again after it until every camera is accepted, which it warns of once an hour. One
/// thread.
class PhaseKeeper {
 public:
  /// `pool` connects as yagura_keep. Both must outlive this.
  PhaseKeeper(pg::Pool& pool, const Clock& clock) : pool_(pool), clock_(clock) {}

  /// Looks once. The error is the first; it has been logged, and what failed is tried again by the
  /// next round.
  [[nodiscard]] Result<void> Round();

 private:
  [[nodiscard]] Result<void> Look(const fleet::PhaseStanding& standing);
  void Warn(const fleet::PhaseStanding& standing);

  pg::Pool& pool_;
  const Clock& clock_;
  std::map<fleet::PhaseId, MonoTime> warn_again_;
};

}  // namespace yagura::app
