#include "api/departments_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {
namespace {

constexpr char kFind[] = R"(
  SELECT unit.id, parent.id, unit.code, unit.name, unit.valid_from, unit.valid_to
  FROM unit LEFT JOIN unit AS parent ON parent.id = unit.parent_id AND parent.id = ANY ($1::uuid[])
  WHERE unit.id = ANY ($1::uuid[]) AND ($2::text IS NULL OR unit.code > $2)
  ORDER BY unit.code LIMIT $3)";

}  // namespace

std::vector<DepartmentView> FindDepartments(pqxx::transaction_base& transaction,
                                            const DepartmentSearch& search) {
  const char* const after = search.after_code ? search.after_code->c_str() : nullptr;
  std::vector<DepartmentView> views;
  for (const auto& row :
       transaction.exec_params(kFind, pg::ArrayOf(search.among), after, search.limit)) {
    DepartmentView view{row[0].c_str(),
                        std::nullopt,
                        row[2].c_str(),
                        row[3].c_str(),
                        {pg::TimeOf(row[4].c_str()), pg::TimeOf(row[5].c_str())}};
    if (!row[1].is_null()) view.parent = row[1].c_str();
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace yagura::api
