#include "access_control/people_pg.h"
#include "app/fact_change.h"
#include "app/people_list_pg.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

Result<int> AddDepartment(VerbContext& context) {
  const Arguments& given = context.given;
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  const std::string code = given.Get("code");
  auto added = access_control::PeopleBook(*pool, Actor())
                   .AddUnit(code, given.Get("name"), given.Find("parent"));
  added =
      Explain(std::move(added), ErrorCode::kNotFound,
              Refusal(ErrorCode::kNotFound, say("unit.unknown", {{"given", given.Get("parent")}}),
                      say("unit.unknown.next")));
  return TellAdded(context, added.transform([](UnitId) {}), say("unit.added", {{"code", code}}),
                   say("unit.there", {{"code", code}}));
}

Json ToJson(const std::vector<ListedUnit>& units) {
  Json items = Json::Array();
  for (const ListedUnit& unit : units) {
    items.Push(Json::Object({{"id", ToString(unit.id)},
                             {"parent_id", unit.parent ? Json(ToString(*unit.parent)) : Json()},
                             {"code", unit.code},
                             {"name", unit.name}}));
  }
  return Json::Object({{"items", items}});
}

Result<int> ListDepartments(VerbContext& context) {
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  ASSIGN_OR_RETURN(const auto units, pool->ReadFor<std::vector<ListedUnit>>(
                                         [](auto& transaction) -> Result<std::vector<ListedUnit>> {
                                           return ListUnits(transaction);
                                         }));
  if (context.given.Has("json")) {
    context.Tell(ToJson(units).Dump());
    return 0;
  }
  for (const ListedUnit& unit : units) {
    context.Tell(std::string(2 * static_cast<std::size_t>(unit.depth), ' ') + unit.code + "  " +
                 unit.name);
  }
  return 0;
}

}  // namespace

std::vector<Verb> DepartmentVerbs(const Messages& say) {
  return {
      {.command = {.words = {"department", "add"},
                   .summary = say("department.add"),
                   .description = say("department.add.about"),
                   .examples = {"yagura department add --code WARD --name '区役所'",
                                "yagura department add --code TAX --name '税務部' --parent WARD"},
                   .options = {Required("code", say("value.code"), say("option.unit_code")),
                               Required("name", say("value.name"), say("option.unit_name")),
                               Optional("parent", say("value.code"), say("option.parent")),
                               Flag("if-absent", say("option.if_absent"))}},
       .run = AddDepartment},
      {.command = {.words = {"department", "list"},
                   .summary = say("department.list"),
                   .description = say("department.list.about"),
                   .examples = {"yagura department list", "yagura department list --json"},
                   .options = {Flag("json", say("option.json"))}},
       .run = ListDepartments}};
}

}  // namespace yagura::app
