#pragma once

#include <string>
#include <vector>

#include "access_control/gate.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"

namespace yagura::access_control {

/// Ends the session of `permit` (action session.end), recorded. Its token is worth nothing once
/// Gate::Enter has returned.
[[nodiscard]] Result<void> EndSession(Permit& permit);

/// What GET /v1/session shows of a person; read under the person's row-level security (action
/// session.read).
struct OwnPost {
  AssignmentFact assignment;
  std::string unit_code;
  std::string unit_name;
};
struct WhoAmI {
  PersonId person;
  std::string username;
  std::string name;
  WallTime expires_at;
  std::vector<OwnPost> posts;  // valid now
  std::vector<Action> may_do;  // PossibleActions
};
[[nodiscard]] Result<WhoAmI> ReadWhoAmI(const Permit& permit);

/// Forgets sessions that ended 30 days ago and that no viewing was opened in, and what was kept
/// against guessing and is of no use any more. As yagura_keep.
[[nodiscard]] Result<void> ForgetOldSessions(pg::Pool& pool);

}  // namespace yagura::access_control
