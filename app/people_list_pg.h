#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// The organisation as the operator at the console lists it (role yagura_admin).
namespace yagura::app {

struct ListedUnit {
  UnitId id;
  std::optional<UnitId> parent;
  std::string code;
  std::string name;
  int depth = 0;  // 0: a controller
};
/// How an account is opened beside its password.
enum class FactorState {
  kSet,            // by codes
  kPasswordAlone,  // by nothing; not where its person holds the post of administrator
  kMissing,        // not at all, until a second factor is set
};
struct ListedPerson {
  PersonId id;
  std::string username;
  std::string name;
  std::optional<WallTime> disabled_at;
  FactorState factor = FactorState::kMissing;
};
struct ListedAssignment {
  AssignmentId id;
  std::string username;
  std::string post;
  std::string unit;  // code
  WallRange valid;   // WallTime::max(): until ended
};

struct ListedSession {
  SessionId id;
  std::string username;
  std::string terminal;
  WallTime started_at{};
  WallTime last_used_at{};
  WallTime ends_at{};  // unless it is used before
};

/// Each unit behind its parent, siblings by code.
[[nodiscard]] std::vector<ListedUnit> ListUnits(pqxx::transaction_base& transaction);
/// By username.
[[nodiscard]] std::vector<ListedPerson> ListPeople(pqxx::transaction_base& transaction);
/// Open ones, by username and start.
[[nodiscard]] std::vector<ListedSession> ListSessions(pqxx::transaction_base& transaction);
/// Those that have not ended at `at`, by username and start.
[[nodiscard]] std::vector<ListedAssignment> ListAssignments(pqxx::transaction_base& transaction,
                                                            WallTime at);

}  // namespace yagura::app
