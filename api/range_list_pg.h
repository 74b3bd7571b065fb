#pragma once

#include <string_view>
#include <vector>

#include "core/time.h"

namespace yagura::api {

/// Ranges that a statement put together as "from/to,from/to", instants as PostgreSQL writes them.
/// Another shape throws std::domain_error, for the pool.
[[nodiscard]] std::vector<WallRange> RangesOf(std::string_view text);

}  // namespace yagura::api
