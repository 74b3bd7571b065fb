#pragma once

#include <string_view>

#include "core/result.h"

namespace yagura::pg {

/// What a SQLSTATE (five characters; PostgreSQL 15, appendix A) means to our callers. Unknown ones,
/// and the empty one of a failure without an answer, are kInternal.
[[nodiscard]] ErrorCode CodeOfSqlState(std::string_view sql_state);

/// An error in one line from PostgreSQL's own words. Only their first line is kept: the ones behind
/// it (DETAIL, CONTEXT) quote rows; and of a data exception (class 22) only what stands before the
/// quoted value.
[[nodiscard]] Error ErrorOfSqlState(std::string_view sql_state, std::string_view message);

}  // namespace yagura::pg
