#include "api/assignments_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {
namespace {

constexpr char kFind[] = R"(
  SELECT assignment.id, person.id, person.name, assignment.post, unit.id, unit.code, unit.name, assignment.valid_from, assignment.valid_to
  FROM assignment
    JOIN person ON person.id = assignment.person_id
    JOIN facts_person ON facts_person.id = person.id AND (facts_person.disabled_at IS NULL OR $2 < facts_person.disabled_at)
    JOIN unit ON unit.id = assignment.unit_id
  WHERE unit.id = ANY ($1::uuid[]) AND $2 < assignment.valid_to
    AND ($3::text IS NULL OR (unit.code, assignment.id) > ($3, $4::uuid))
  ORDER BY unit.code, assignment.id LIMIT $5)";

AssignmentView ViewOf(const pqxx::row& row) {
  return {row[0].c_str(), row[1].c_str(),
          row[2].c_str(), row[3].c_str(),
          row[4].c_str(), row[5].c_str(),
          row[6].c_str(), {pg::TimeOf(row[7].c_str()), pg::TimeOf(row[8].c_str())}};
}

}  // namespace

std::vector<AssignmentView> FindAssignments(pqxx::transaction_base& transaction,
                                            const AssignmentSearch& search, WallTime now) {
  const std::string after_id = search.after ? ToString(search.after->id) : std::string();
  const auto rows =
      transaction.exec_params(kFind, pg::ArrayOf(search.departments), pg::TimeParameter(now),
                              search.after ? search.after->department_code.c_str() : nullptr,
                              search.after ? after_id.c_str() : nullptr, search.limit);
  std::vector<AssignmentView> views;
  for (const auto& row : rows) views.push_back(ViewOf(row));
  return views;
}

}  // namespace yagura::api
