#include "app/fact_change.h"
#include "app/verbs.h"
#include "fleet/places_pg.h"

namespace yagura::app {
namespace {

using access_control::AuditEvent;

/// Adds one place by `add`, which gives its id.
Result<int> AddPlace(VerbContext& context, const std::string& kind, const Error& no_parent,
                     const std::function<Result<std::string>(pqxx::transaction_base&)>& add) {
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  const std::string code = context.given.Get("code");
  const auto added = facts.Enter(
      AuditEvent::kPlaceAdded, [&](pqxx::transaction_base& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const std::string id,
                         Explain(add(transaction), ErrorCode::kNotFound, no_parent));
        return Json::Object({{kind, id}, {"code", code}});
      });
  return TellAdded(context, added, context.say("place.added", {{"code", code}}),
                   context.say("place.there", {{"code", code}}));
}

Error NoSuch(const VerbContext& context, const std::string& option) {
  return Refusal(ErrorCode::kNotFound,
                 context.say("place.unknown",
                             {{"option", "--" + option}, {"given", context.given.Get(option)}}),
                 context.say("place.unknown.next"));
}

Result<int> AddSite(VerbContext& context) {
  const auto& given = context.given;
  return AddPlace(context, "site", NoSuch(context, "code"), [&](auto& transaction) {
    return fleet::AddSite(transaction, given.Get("code"), given.Get("name"))
        .transform([](SiteId id) { return ToString(id); });
  });
}

Result<int> AddBuilding(VerbContext& context) {
  const auto& given = context.given;
  return AddPlace(context, "building", NoSuch(context, "site"), [&](auto& transaction) {
    return fleet::AddBuilding(transaction, given.Get("site"), given.Get("code"), given.Get("name"))
        .transform([](BuildingId id) { return ToString(id); });
  });
}

constexpr int kOrdinalMin = -100;
constexpr int kOrdinalMax = 1000;

Result<int> AddFloor(VerbContext& context) {
  const auto& given = context.given;
  ASSIGN_OR_RETURN(const std::int64_t ordinal, given.Integer("ordinal", kOrdinalMin, kOrdinalMax));
  return AddPlace(context, "floor", NoSuch(context, "building"), [&](auto& transaction) {
    return fleet::AddFloor(transaction, given.Get("building"), given.Get("code"), given.Get("name"),
                           static_cast<int>(ordinal))
        .transform([](FloorId id) { return ToString(id); });
  });
}

Json ToJson(const fleet::Building& building) {
  Json floors = Json::Array();
  for (const fleet::Floor& floor : building.floors) {
    floors.Push(Json::Object({{"id", ToString(floor.id)},
                              {"code", floor.code},
                              {"name", floor.name},
                              {"ordinal", floor.ordinal}}));
  }
  return Json::Object({{"id", ToString(building.id)},
                       {"code", building.code},
                       {"name", building.name},
                       {"floors", floors}});
}

Json ToJson(const std::vector<fleet::Site>& sites) {
  Json items = Json::Array();
  for (const fleet::Site& site : sites) {
    Json buildings = Json::Array();
    for (const fleet::Building& building : site.buildings) buildings.Push(ToJson(building));
    items.Push(Json::Object({{"id", ToString(site.id)},
                             {"code", site.code},
                             {"name", site.name},
                             {"buildings", buildings}}));
  }
  return Json::Object({{"items", items}});
}

Result<int> ListPlaces(VerbContext& context) {
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  ASSIGN_OR_RETURN(const auto sites, pool->ReadFor<std::vector<fleet::Site>>(
                                         [](auto& transaction) -> Result<std::vector<fleet::Site>> {
                                           return fleet::ListPlaces(transaction);
                                         }));
  if (context.given.Has("json")) {
    context.Tell(ToJson(sites).Dump());
    return 0;
  }
  for (const fleet::Site& site : sites) {
    context.Tell(site.code + "  " + site.name);
    for (const fleet::Building& building : site.buildings) {
      context.Tell("  " + building.code + "  " + building.name);
      for (const fleet::Floor& floor : building.floors)
        context.Tell("    " + floor.code + "  " + floor.name);
    }
  }
  return 0;
}

std::vector<CommandOption> NewPlaceOptions(const Messages& say, std::vector<CommandOption> first) {
  first.push_back(Required("code", say("value.code"), say("option.place_code")));
  first.push_back(Required("name", say("value.name"), say("option.place_name")));
  return first;
}

}  // namespace

std::vector<Verb> PlaceVerbs(const Messages& say) {
  const CommandOption if_absent = Flag("if-absent", say("option.if_absent"));
  auto site = NewPlaceOptions(say, {});
  site.push_back(if_absent);
  auto building = NewPlaceOptions(say, {Required("site", say("value.code"), say("option.site"))});
  building.push_back(if_absent);
  auto floor =
      NewPlaceOptions(say, {Required("building", say("value.code"), say("option.building"))});
  floor.push_back(Required("ordinal", say("value.number"), say("option.ordinal")));
  floor.push_back(if_absent);
  return {
      {.command = {.words = {"place", "add-site"},
                   .summary = say("place.add_site"),
                   .description = say("place.add_site.about"),
                   .examples = {"yagura place add-site --code HQ --name '本庁舎敷地'"},
                   .options = site},
       .run = AddSite},
      {.command = {.words = {"place", "add-building"},
                   .summary = say("place.add_building"),
                   .description = say("place.add_building.about"),
                   .examples = {"yagura place add-building --site HQ --code MAIN --name '本庁舎'"},
                   .options = building},
       .run = AddBuilding},
      {.command =
           {.words = {"place", "add-floor"},
            .summary = say("place.add_floor"),
            .description = say("place.add_floor.about"),
            .examples =
                {"yagura place add-floor --building MAIN --code 1F --name '1階' --ordinal 1",
                 "yagura place add-floor --building MAIN --code B1 --name '地下1階' --ordinal=-1"},
            .options = floor},
       .run = AddFloor},
      {.command = {.words = {"place", "list"},
                   .summary = say("place.list"),
                   .description = say("place.list.about"),
                   .examples = {"yagura place list", "yagura place list --json"},
                   .options = {Flag("json", say("option.json"))}},
       .run = ListPlaces}};
}

}  // namespace yagura::app
