#pragma once

#include <span>
#include <string_view>

namespace yagura::storage::schema {

/// One step of the schema: storage/schema/NNNN_name.sql, as it was when this program was built.
struct Migration {
  int version;            // NNNN; from 1 on, without holes
  std::string_view name;  // the file's name without its ending
  std::string_view sha256_hex;
  std::string_view sql;
};

/// All of them, in order.
[[nodiscard]] std::span<const Migration> Migrations();

/// What a superuser runs once per cluster, before the first migration (and again whenever it has
/// changed): storage/schema/roles.sql.
[[nodiscard]] std::string_view RolesSql();

}  // namespace yagura::storage::schema
