#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "storage/schema/embedded.h"

namespace yagura::storage::schema {

/// A migration that the database has, as recorded in its table schema_version.
struct AppliedMigration {
  int version;
  std::string name;
  std::string sha256_hex;
};

/// What remains to be applied, in order. kFailedPrecondition, naming the first difference, where
/// the database has a migration that `known` doesn't (it was migrated by a newer program), or has
/// another text under its number.
[[nodiscard]] Result<std::span<const Migration>> Pending(
    const std::vector<AppliedMigration>& applied, std::span<const Migration> known);

/// Brings the database up to date, connecting with `owner` (its role is yagura_owner; its timeouts
/// are replaced by longer ones). Each migration is one transaction; a second program that does the
/// same waits. Gives the number of migrations applied now. Errors: of Pending and of pg::Pool; what
/// was applied before the error stays.
[[nodiscard]] Result<int> Migrate(pg::ConnectOptions owner,
                                  std::span<const Migration> known = Migrations());

struct Status {
  int applied = 0;  // migrations that the database has
  int pending = 0;
};
/// Any of the product's roles may ask. Errors: of Pending and of pg::Pool.
[[nodiscard]] Result<Status> ReadStatus(pg::Pool& pool,
                                        std::span<const Migration> known = Migrations());

}  // namespace yagura::storage::schema
