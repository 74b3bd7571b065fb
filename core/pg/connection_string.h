#pragma once

#include <string>

#include "core/pg/pool_pg.h"

namespace yagura::pg {

/// `options` as libpq's connection string (PostgreSQL 15, 34.1.1.1): with every timeout that libpq
/// and the session have, UTC and ISO dates. Without a password.
[[nodiscard]] std::string ConnectionString(const ConnectOptions& options);

}  // namespace yagura::pg
