#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access_control/audit.h"
#include "core/json.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"

namespace yagura::access_control {

/// Adds a record to the calling role's chain, in the transaction of what it records. `body`: an
/// object of ids, instants and numbers, with nothing secret in it. Form and chain:
/// storage/schema/0004_sessions_and_audit.sql.
[[nodiscard]] Result<void> AppendAudit(pqxx::transaction_base& transaction, AuditEvent event,
                                       const Json& body);

/// Where a chain doesn't hold.
struct AuditFault {
  std::string writer;
  std::int64_t counter = 0;  // of the record that is missing, altered, or follows an altered one
  std::string what;
};
/// What a walk along every chain found.
struct AuditCheck {
  std::int64_t records = 0;
  std::vector<AuditFault> faults;  // at most one per writer: after it nothing can be said
};
/// Walks every writer's chain from its first record to its last. `pool` connects as a role that may
/// read the records (yagura_keep, yagura_admin).
[[nodiscard]] Result<AuditCheck> CheckAudit(pg::Pool& pool);

}  // namespace yagura::access_control
