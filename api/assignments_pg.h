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

struct AssignmentView {
  std::string id;
  std::string person_id;
  std::string person_name;
  std::string post;
  std::string department_id;
  std::string department_code;
  std::string department_name;
  WallRange valid;
};

struct AssignmentSearch {
  struct Place {  // in the list
    std::string department_code;
    AssignmentId id;
  };
  std::vector<UnitId> departments;
  std::optional<Place> after;  // the last one seen
  std::uint32_t limit = 100;
};

/// Assignments that hold at `now` or later, of people who may sign in then, by department and id.
/// Runs under the caller's row-level security; throws libpqxx's exceptions, for the pool.
[[nodiscard]] std::vector<AssignmentView> FindAssignments(pqxx::transaction_base& transaction,
                                                          const AssignmentSearch& search,
                                                          WallTime now);

}  // namespace yagura::api
