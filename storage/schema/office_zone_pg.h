#pragma once

#include <optional>
#include <string>

#include "core/pg/pool_pg.h"
#include "core/result.h"

namespace yagura::storage::schema {

/// The office's time zone as the database keeps it: clip files lie under the dates of this zone.
/// Nothing where it was never written. Any of the product's roles may ask. Errors: of pg::Pool.
[[nodiscard]] Result<std::optional<std::string>> ReadOfficeZone(pg::Pool& pool);

/// Writes it where it was never written (`owner` connects as yagura_owner), and gives what stands
/// there then. Errors: of pg::Pool.
[[nodiscard]] Result<std::string> KeepOfficeZone(pg::Pool& owner, const std::string& zone);

}  // namespace yagura::storage::schema
