#include "api/assignments.h"

#include "api/assignments_pg.h"
#include "api/json_bodies.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

using access_control::Permit;

/// The departments whose posts may be listed; of them the one that was asked for and those below.
std::vector<UnitId> Departments(const Permit& permit) {
  const auto* const asked = std::get_if<UnitId>(&permit.resource());
  std::vector<UnitId> departments;
  for (const auto& unit : permit.facts().set().units) {
    if (asked != nullptr && !permit.facts().IsWithin(unit.id, *asked)) continue;
    if (permit.Allows(unit.id)) departments.push_back(unit.id);
  }
  return departments;
}

// A cursor is an assignment's id, a dot, and its department's code.

constexpr std::size_t kIdCharacters = 36;

std::string CursorAfter(const AssignmentView& view) { return view.id + "." + view.department_code; }

Result<AssignmentSearch::Place> PlaceAt(std::string_view cursor) {
  const auto id = ParseId<AssignmentId>(cursor.substr(0, kIdCharacters));
  if (!id || cursor.substr(kIdCharacters, 1) != ".")
    return InvalidArgument("cursor: not one that was given");
  return AssignmentSearch::Place{std::string(cursor.substr(kIdCharacters + 1)), *id};
}

Json AssignmentJson(const AssignmentView& view) {
  return Json::Object({{"id", view.id},
                       {"person_id", view.person_id},
                       {"person_name", view.person_name},
                       {"post", view.post},
                       {"department_id", view.department_id},
                       {"department_code", view.department_code},
                       {"department_name", view.department_name},
                       {"valid_from", InstantOrNull(view.valid.from)},
                       {"valid_to", InstantOrNull(view.valid.to)}});
}

}  // namespace

Result<Response> ListAssignments(const Call& call, const Permit& permit) {
  AssignmentSearch search;
  ASSIGN_OR_RETURN(const std::uint32_t page, LimitOf(call));
  search.limit = page + 1;  // one more tells whether there are more
  if (const auto cursor = call.Query("cursor")) {
    ASSIGN_OR_RETURN(search.after, PlaceAt(*cursor));
  }
  search.departments = Departments(permit);
  auto assignments = FindAssignments(permit.transaction(), search, permit.now());
  std::optional<std::string> next;
  if (CutToPage(assignments, page)) next = CursorAfter(assignments.back());
  Json items = Json::Array();
  for (const AssignmentView& assignment : assignments) items.Push(AssignmentJson(assignment));
  return JsonResponse(ListOf(std::move(items), next));
}

}  // namespace yagura::api
