#include "api/departments.h"

#include "api/departments_pg.h"
#include "api/json_bodies.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

using access_control::Permit;
using access_control::Visibility;

std::vector<UnitId> VisibleDepartments(const Permit& permit) {
  std::vector<UnitId> visible;
  for (const auto& unit : permit.facts().set().units) {
    if (access_control::VisibilityOf(permit.facts(), permit.principal().person, unit.id,
                                     permit.now()) != Visibility::kNone)
      visible.push_back(unit.id);
  }
  return visible;
}

Json DepartmentJson(const DepartmentView& view) {
  return Json::Object({{"id", view.id},
                       {"parent_id", view.parent ? Json(*view.parent) : Json()},
                       {"code", view.code},
                       {"name", view.name},
                       {"valid_from", InstantOrNull(view.valid.from)},
                       {"valid_to", InstantOrNull(view.valid.to)}});
}

}  // namespace

Result<Response> ListDepartments(const Call& call, const Permit& permit) {
  DepartmentSearch search;
  ASSIGN_OR_RETURN(const std::uint32_t page, LimitOf(call));
  search.limit = page + 1;  // one more tells whether there are more
  search.among = VisibleDepartments(permit);
  if (const auto cursor = call.Query("cursor")) search.after_code = std::string(*cursor);
  auto departments = FindDepartments(permit.transaction(), search);
  std::optional<std::string> next;
  if (CutToPage(departments, page)) next = departments.back().code;
  Json items = Json::Array();
  for (const DepartmentView& department : departments) items.Push(DepartmentJson(department));
  return JsonResponse(ListOf(std::move(items), next));
}

}  // namespace yagura::api
