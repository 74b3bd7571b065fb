#include "access_control/sessions_pg.h"

#include <algorithm>
#include <pqxx/pqxx>

#include "access_control/visible.h"

namespace yagura::access_control {
namespace {

constexpr auto kForget = "SELECT forget_sessions()";
constexpr auto kEnd = "SELECT session_end()";
constexpr auto kPerson = "SELECT username, name FROM person WHERE id = $1";
constexpr auto kUnit = "SELECT code, name FROM unit WHERE id = $1";

}  // namespace

Result<void> EndSession(Permit& permit) {
  if (permit.action() != Action::kSessionEnd) {
    return Failure(ErrorCode::kPermissionDenied, "not permitted to end a session");
  }
  const auto row = permit.transaction().exec1(kEnd);
  if (!row[0].as<bool>())
    return Failure(ErrorCode::kUnauthenticated, "the session has ended already");
  return {};
}

Result<WhoAmI> ReadWhoAmI(const Permit& permit) {
  const Principal& principal = permit.principal();
  pqxx::transaction_base& transaction = permit.transaction();
  const pqxx::row person = transaction.exec_params1(kPerson, ToString(principal.person));
  WhoAmI me{principal.person,
            person["username"].c_str(),
            person["name"].c_str(),
            principal.expires_at,
            {},
            PossibleActions(permit.facts(), principal.person, permit.now())};
  for (const AssignmentFact& assignment : principal.posts) {
    const pqxx::row unit = transaction.exec_params1(kUnit, ToString(assignment.unit));
    me.posts.push_back({assignment, unit["code"].c_str(), unit["name"].c_str()});
  }
  return me;
}

Result<void> ForgetOldSessions(pg::Pool& pool) {
  return pool.Run([](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec1(kForget);
    return {};
  });
}

}  // namespace yagura::access_control
