#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "access_control/audit.h"
#include "access_control/audit_seal.h"
#include "core/json.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"

namespace yagura::access_control {

/// Adds a record to the calling role's chain, in the transaction of what it records. `body`: an
/// object of ids, instants and numbers, with nothing secret in it. Form and chain:
/// storage/schema/0004_sessions_and_audit.sql.
[[nodiscard]] Result<void> AppendAudit(pqxx::transaction_base& transaction, AuditEvent event,
                                       const Json& body);

// For a `pool` of a role that may read the records (yagura_keep, yagura_admin):

/// Where each writer's chain stands, by writer.
[[nodiscard]] Result<std::vector<AuditHead>> ReadAuditHeads(pg::Pool& pool);
/// Whether each record of `heads` is there, with the same chain: what was sealed still stands.
[[nodiscard]] Result<bool> StillStand(pg::Pool& pool, const std::vector<AuditHead>& heads);

/// Where a chain doesn't hold.
struct AuditFault {
  enum class Kind : std::uint8_t {
    kMissing,      // a record is, the next one is there
    kAltered,      // a record is, or follows an altered one
    kCutOff,       // this record and all that followed are gone
    kNotItsHead,   // the writer's head is not its last record's
    kNoHead,       // records of a writer that never wrote
    kNotAsSealed,  // of the records after `intact`, up to `counter`, one was written anew
  };
  std::string writer;
  std::int64_t counter = 0;  // the first record that is wrong
  Kind kind = Kind::kMissing;
  std::int64_t intact = 0;  // up to this record all is as it was
};
/// "missing", "altered" and so on.
[[nodiscard]] std::string_view ToString(AuditFault::Kind kind);

/// What a walk along every chain found.
struct AuditCheck {
  std::int64_t records = 0;
  std::int64_t writers = 0;
  std::vector<AuditFault> faults;  // of each chain the first: after it nothing can be said
};
struct AuditCheckOptions {
  std::vector<AuditHead> sealed;  // in any order
  std::string writer;             // this one's chain alone, where it is named
  std::function<void(std::int64_t records)> on_progress = [](std::int64_t) {};
};
/// Walks every writer's chain from its first record to its last, in one state of the database, and
/// compares it with what was sealed. Takes some 10 µs a record: give `pool` the time.
[[nodiscard]] Result<AuditCheck> CheckAudit(pg::Pool& pool, const AuditCheckOptions& options = {});

}  // namespace yagura::access_control
