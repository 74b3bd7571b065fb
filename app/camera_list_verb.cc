#include <algorithm>

#include "app/fact_change.h"
#include "app/names.h"
#include "app/text_table.h"
#include "app/verbs.h"
#include "fleet/cameras_pg.h"

namespace yagura::app {
namespace {

using fleet::CameraAtInstant;

std::string StateOf(const CameraAtInstant& camera, const Messages& say) {
  return camera.state ? NameOfState(ToString(*camera.state), say) : "";
}

/// "udp"; "auto (udp)" where that was found out.
std::string TransportOf(const CameraAtInstant& camera) {
  const std::string transport(ToString(camera.transport));
  if (!camera.found_transport) return transport;
  return transport + " (" + std::string(ToString(*camera.found_transport)) + ")";
}

std::string SubStreamOf(const CameraAtInstant& camera, const Messages& say) {
  if (!camera.sub_url) return "";
  return camera.sub_recorded ? say("sub_stream.recorded") : say("sub_stream.watched");
}

Json SubStreamJson(const CameraAtInstant& camera) {
  if (!camera.sub_url) return {};
  return Json::Object({{"url", *camera.sub_url}, {"recorded", camera.sub_recorded}});
}

Json ToJson(const CameraAtInstant& camera) {
  const auto text = [](const std::optional<std::string>& value) {
    return value ? Json(*value) : Json();
  };
  return Json::Object(
      {{"id", ToString(camera.id)},
       {"code", camera.code},
       {"name", camera.name},
       {"url", camera.url},
       {"transport", ToString(camera.transport)},
       {"found_transport",
        camera.found_transport ? Json(ToString(*camera.found_transport)) : Json()},
       {"sub_stream", SubStreamJson(camera)},
       {"floor", text(camera.floor)},
       {"unit", text(camera.unit)},
       {"state", camera.state ? Json(ToString(*camera.state)) : Json()},
       {"phase", text(camera.phase)},
       {"changes_at", camera.changes_at ? Json(FormatRfc3339(*camera.changes_at)) : Json()}});
}

/// The cameras that --floor and --unit leave.
std::vector<CameraAtInstant> Wanted(std::vector<CameraAtInstant> cameras, const Arguments& given) {
  const auto floor = given.Find("floor");
  const auto unit = given.Find("unit");
  const auto phase = given.Find("phase");
  std::erase_if(cameras, [&](const CameraAtInstant& camera) {
    const bool on_floor = !floor || ("/" + camera.floor.value_or("")).ends_with("/" + *floor);
    return !on_floor || (unit && camera.unit != unit) || (phase && camera.phase != phase);
  });
  return cameras;
}

Result<int> ListCameras(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.Instant("at", facts.now()));
  using Cameras = std::vector<CameraAtInstant>;
  ASSIGN_OR_RETURN(Cameras all,
                   facts.pool().ReadFor<Cameras>([&](auto& transaction) -> Result<Cameras> {
                     return fleet::ListCameras(transaction, at, context.given.Has("all"));
                   }));
  const Cameras cameras = Wanted(std::move(all), context.given);
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{
      {say("column.code"), say("column.name"), say("column.floor"), say("column.unit"),
       say("column.state"), say("column.phase"), say("column.transport"), say("column.sub_stream"),
       say("column.changes")}};
  for (const CameraAtInstant& camera : cameras) {
    items.Push(ToJson(camera));
    rows.push_back({camera.code, camera.name, camera.floor.value_or(""), camera.unit.value_or(""),
                    StateOf(camera, say), camera.phase.value_or(""), TransportOf(camera),
                    SubStreamOf(camera, say),
                    camera.changes_at ? facts.Shown(*camera.changes_at) : ""});
  }
  context.out << (context.given.Has("json") ? Json::Object({{"items", items}}).Dump() + "\n"
                                            : TextTable(rows));
  return 0;
}

}  // namespace

Verb CameraListVerb(const Messages& say) {
  return {.command = {.words = {"camera", "list"},
                      .summary = say("camera.list"),
                      .description = say("camera.list.about"),
                      .examples = {"yagura camera list --floor 1F",
                                   "yagura camera list --unit TAX --json",
                                   "yagura camera list --at 2027-04-01T00:00:00+09:00"},
                      .options = {Optional("floor", say("value.floor"), say("option.only_floor")),
                                  Optional("unit", say("value.code"), say("option.only_unit")),
                                  Optional("phase", say("value.code"), say("option.only_phase")),
                                  Optional("at", say("value.instant"), say("option.as_at")),
                                  Flag("all", say("option.all_cameras")),
                                  Flag("json", say("option.json"))}},
          .run = ListCameras};
}

}  // namespace yagura::app
