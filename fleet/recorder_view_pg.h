#pragma once

#include <cstdint>

#include "core/result.h"
#include "core/time.h"
#include "fleet/recorder_view.h"
#include "fleet/sealing.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// The recorder's view of the fleet in PostgreSQL (role yagura_record). Errors of PostgreSQL end in
/// pg::Pool.
namespace yagura::fleet {

/// The number of the facts' present state: cheap, asked each second. Where it has changed, read the
/// view again.
[[nodiscard]] std::int64_t ReadFactsEpoch(pqxx::transaction_base& transaction);

/// The cameras that are due at or after `since`, with all their owners: also those whose service
/// has ended since then, so that the account of their time can be closed. Read in one state of the
/// database: use pg::Pool::Read.
[[nodiscard]] RecorderView ReadRecorderView(pqxx::transaction_base& transaction, WallTime since);

/// Tells everyone who seals credentials for this recorder which key to use. Needs pg::Pool::Run;
/// doing it again changes nothing.
void PublishRecorderKey(pqxx::transaction_base& transaction, const SealingPublicKey& key);
/// The newest recorder's key (role yagura_admin too). kFailedPrecondition: no recorder has run yet.
[[nodiscard]] Result<SealingPublicKey> ReadRecorderKey(pqxx::transaction_base& transaction);

}  // namespace yagura::fleet
