#include "app/people_list_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::app {
namespace {

constexpr const char* kUnits =
    "WITH RECURSIVE tree AS ("
    "SELECT id, parent_id, code, name, 0 AS depth, ARRAY[code] AS path FROM unit WHERE parent_id "
    "IS NULL "
    "UNION ALL SELECT unit.id, unit.parent_id, unit.code, unit.name, depth + 1, path || unit.code "
    "FROM tree JOIN unit ON unit.parent_id = tree.id) "
    "SELECT id, parent_id, code, name, depth FROM tree ORDER BY path";
constexpr const char* kPeople =
    "SELECT id, username, name, disabled_at, password_alone, second_factor.person_id IS NOT NULL "
    "FROM person LEFT JOIN second_factor ON person_id = id ORDER BY username";
constexpr const char* kSessions =
    "SELECT open_session.id, username, terminal, started_at, last_used_at, ends_at "
    "FROM open_session JOIN person ON person.id = person_id ORDER BY username, started_at";
constexpr const char* kAssignments =
    "SELECT assignment.id, username, post, unit.code, assignment.valid_from, assignment.valid_to "
    "FROM assignment JOIN person ON person.id = person_id JOIN unit ON unit.id = unit_id "
    "WHERE assignment.valid_to > $1 ORDER BY username, assignment.valid_from, assignment.id";

}  // namespace

std::vector<ListedUnit> ListUnits(pqxx::transaction_base& transaction) {
  std::vector<ListedUnit> units;
  for (const auto& row : transaction.exec(kUnits)) {
    ListedUnit unit{pg::IdOf<UnitId>(row[0].c_str()), std::nullopt, row[2].c_str(), row[3].c_str(),
                    row[4].as<int>()};
    if (!row[1].is_null()) unit.parent = pg::IdOf<UnitId>(row[1].c_str());
    units.push_back(std::move(unit));
  }
  return units;
}

namespace {

FactorState FactorOf(bool password_alone, bool has_factor) {
  if (has_factor) return FactorState::kSet;
  return password_alone ? FactorState::kPasswordAlone : FactorState::kMissing;
}

}  // namespace

std::vector<ListedPerson> ListPeople(pqxx::transaction_base& transaction) {
  std::vector<ListedPerson> people;
  for (const auto& row : transaction.exec(kPeople)) {
    ListedPerson person{pg::IdOf<PersonId>(row[0].c_str()), row[1].c_str(), row[2].c_str(),
                        std::nullopt, FactorOf(row[4].as<bool>(), row[5].as<bool>())};
    if (!row[3].is_null()) person.disabled_at = pg::TimeOf(row[3].c_str());
    people.push_back(std::move(person));
  }
  return people;
}

std::vector<ListedSession> ListSessions(pqxx::transaction_base& transaction) {
  std::vector<ListedSession> sessions;
  for (const auto& row : transaction.exec(kSessions)) {
    sessions.push_back({pg::IdOf<SessionId>(row[0].c_str()), row[1].c_str(), row[2].c_str(),
                        pg::TimeOf(row[3].c_str()), pg::TimeOf(row[4].c_str()),
                        pg::TimeOf(row[5].c_str())});
  }
  return sessions;
}

std::vector<ListedAssignment> ListAssignments(pqxx::transaction_base& transaction, WallTime at) {
  std::vector<ListedAssignment> assignments;
  for (const auto& row : transaction.exec_params(kAssignments, pg::TimeParameter(at))) {
    assignments.push_back({pg::IdOf<AssignmentId>(row[0].c_str()),
                           row[1].c_str(),
                           row[2].c_str(),
                           row[3].c_str(),
                           {pg::TimeOf(row[4].c_str()), pg::TimeOf(row[5].c_str())}});
  }
  return assignments;
}

}  // namespace yagura::app
