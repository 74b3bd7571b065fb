#include "app/camera_input.h"
#include "app/fact_change.h"
#include "app/verbs.h"
#include "fleet/cameras_pg.h"

namespace yagura::app {
namespace {

/// One camera's change as a line for the person, and as the audit record keeps it.
struct Told {
  std::string line;
  std::optional<Json> record;  // nothing: nothing changed
};

Result<Told> ChangeOne(const VerbContext& context, const FactChange& facts,
                       pqxx::transaction_base& transaction, const std::string& code, UnitId unit,
                       WallTime at) {
  ASSIGN_OR_RETURN(const CameraId camera, CameraOf(context, transaction, code));
  ASSIGN_OR_RETURN(const auto change,
                   Explain(fleet::ChangeCharge(transaction, camera, unit, facts.now(), at),
                           ErrorCode::kFailedPrecondition,
                           Refusal(ErrorCode::kFailedPrecondition,
                                   context.say("charge.refused", {{"code", code}}),
                                   context.say("charge.refused.next"))));
  const std::string to = context.given.Get("unit");
  if (!change.changed)
    return Told{context.say("charge.same", {{"code", code}, {"unit", to}}), std::nullopt};
  const auto before = change.before ? fleet::UnitCode(transaction, *change.before) : std::nullopt;
  return Told{context.say("charge.changed", {{"code", code},
                                             {"before", before.value_or(context.say("nobody"))},
                                             {"after", to},
                                             {"at", facts.Shown(at)}}),
              Json::Object({{"camera", ToString(camera)},
                            {"before", change.before ? Json(ToString(*change.before)) : Json()}})};
}

Result<int> ChangeCharge(VerbContext& context) {
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.EffectAt());
  std::vector<std::string> lines;
  RETURN_IF_ERROR(facts.Enter(
      access_control::AuditEvent::kChargeChanged,
      [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const UnitId unit, UnitOf(context, transaction, "unit", at));
        Json cameras = Json::Array();
        for (const std::string& code : context.given.All("camera")) {
          ASSIGN_OR_RETURN(const Told told, ChangeOne(context, facts, transaction, code, unit, at));
          lines.push_back(told.line);
          if (told.record) cameras.Push(*told.record);
        }
        if (cameras.size() == 0) return Json::Object();
        return Json::Object({{"after", ToString(unit)}, {"cameras", cameras}});
      },
      at));
  for (const std::string& line : lines) context.Tell(line);
  return 0;
}

}  // namespace

Verb ChargeChangeVerb(const Messages& say) {
  CommandOption camera = Required("camera", say("value.code"), say("option.camera"));
  camera.repeatable = true;
  return {
      .command =
          {.words = {"charge", "change"},
           .summary = say("charge.change"),
           .description = say("charge.change.about"),
           .examples =
               {"yagura charge change --camera 1F-03 --unit WELFARE --at 2027-04-01T00:00:00+09:00",
                "yagura charge change --camera 1F-03 --camera 1F-04 --unit WELFARE"},
           .options = {camera, Required("unit", say("value.code"), say("option.unit")),
                       Optional("at", say("value.instant"), say("option.at"))}},
      .run = ChangeCharge};
}

}  // namespace yagura::app
