#pragma once

#include "core/time.h"
#include "fleet/recording_status.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::fleet {

/// Reads it as yagura_keep, in a few statements that don't grow with the footage kept. Errors of
/// PostgreSQL end in pg::Pool.
[[nodiscard]] RecordingStatus ReadRecordingStatus(pqxx::transaction_base& transaction,
                                                  WallTime now);

}  // namespace yagura::fleet
