#pragma once

#include "core/time.h"
#include "storage/retention.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::storage {

/// Deletes what was noted of clocks and reception that is older than `rule` keeps footage, and
/// older than what footage there still is: of a camera's for its own, of our clock's for any. Of
/// each camera's clock the newest row of them stays: it tells how the clock stood from then on. A
/// time lived twice stays known while a gap lies in it. Role: yagura_keep. Throws libpqxx's
/// exceptions.
void DeleteOldNotes(pqxx::transaction_base& transaction, const RetentionRule& rule, WallTime now);

}  // namespace yagura::storage
