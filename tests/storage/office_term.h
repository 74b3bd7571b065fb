#pragma once

#include "core/pg/pool_pg.h"
#include "storage/retention_terms_pg.h"

namespace yagura::storage {

/// Adds a term, of whatever length; gives its version. `pool` connects as yagura_admin.
[[nodiscard]] inline Result<std::int64_t> SetTerm(pg::Pool& pool, const RetentionTerm& term) {
  return pool.RunFor<std::int64_t>(
      [&](pqxx::transaction_base& transaction) { return AddTerm(transaction, term); });
}
/// One of the whole office.
[[nodiscard]] inline Result<std::int64_t> SetOfficeTerm(pg::Pool& pool, const RetentionRule& rule,
                                                        WallTime from) {
  return SetTerm(pool, {.version = 0, .of = {}, .from = from, .rule = rule, .purpose = {}});
}

}  // namespace yagura::storage
