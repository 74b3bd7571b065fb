#pragma once

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "storage/retention_forecast.h"
#include "storage/retention_terms.h"

namespace yagura::storage {

/// What no term set at the console goes below, in either span.
inline constexpr std::chrono::hours kShortestTerm{24 * 7};
inline constexpr std::chrono::hours kLongestTerm{24 * 3650};

/// All of them, with the places that they are about. Throws libpqxx's exceptions.
[[nodiscard]] RetentionTerms ReadTerms(pqxx::transaction_base& transaction);

/// All clips that aren't going already. Reads each of them. Role: yagura_keep. Throws libpqxx's
/// exceptions.
[[nodiscard]] std::vector<StoredHour> ReadStoredHours(pqxx::transaction_base& transaction);

/// Adds `term` and gives its version; `term.version` says nothing. Role: yagura_admin.
/// kInvalidArgument: keep is not positive, or below the minimum; or the office would be without a
/// rule. Throws libpqxx's exceptions.
[[nodiscard]] Result<std::int64_t> AddTerm(pqxx::transaction_base& transaction,
                                           const RetentionTerm& term);

}  // namespace yagura::storage
