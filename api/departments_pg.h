#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::api {

struct DepartmentView {
  std::string id;
  std::optional<std::string> parent;  // nothing: a controller, or not to be known
  std::string code;
  std::string name;
  WallRange valid;
};

struct DepartmentSearch {
  std::vector<UnitId> among;
  std::optional<std::string> after_code;  // of the last one seen
  std::uint32_t limit = 100;
};

/// Those of `search.among`, by code. Runs under the caller's row-level security; throws libpqxx's
/// exceptions, for the pool.
[[nodiscard]] std::vector<DepartmentView> FindDepartments(pqxx::transaction_base& transaction,
                                                          const DepartmentSearch& search);

}  // namespace yagura::api
