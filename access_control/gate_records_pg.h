#pragma once

#include <optional>
#include <string>

#include "access_control/audit.h"
#include "access_control/decide.h"
#include "access_control/principal.h"
#include "access_control/viewing.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"

namespace yagura::access_control {

// What the gate writes and reads in its transaction. Used inside this room only. Exceptions of
// libpqxx go through to the pool.

/// Who enters, and the epoch of the facts in the database. From here on the transaction is under
/// that person's row-level security.
struct Entered {
  Principal principal;  // without posts
  std::int64_t epoch = 0;
};
/// kUnauthenticated: the token is of no session, or of one that has ended. kUnavailable: this
/// program's clock and the database's disagree.
[[nodiscard]] Result<Entered> EnterRequest(pqxx::transaction_base& transaction,
                                           const Caller& caller, WallTime now);

/// One demand, as it is recorded.
struct DemandRecord {
  const Caller& caller;
  const Principal& principal;
  Action action;
  std::string resource;
  const Decision& decision;
  std::int64_t epoch;
};
void RecordDenied(pqxx::transaction_base& transaction, const DemandRecord& record);
/// kAborted where the facts have changed since `record.epoch`.
[[nodiscard]] Result<void> RecordPermitted(pqxx::transaction_base& transaction, AuditEvent event,
                                           const DemandRecord& record);
[[nodiscard]] Result<void> RecordViewing(pqxx::transaction_base& transaction,
                                         const DemandRecord& record, const Viewing& viewing,
                                         const std::string& purpose);
void RecordDelivery(pqxx::transaction_base& transaction, const Delivery& delivery);

[[nodiscard]] std::int64_t ReadEpoch(pqxx::transaction_base& transaction);

}  // namespace yagura::access_control
