// A camera's way through the rollout, and what happens to one that is there.
#include "app/camera_input.h"
#include "app/fact_change.h"
#include "app/names.h"
#include "app/verbs.h"
#include "fleet/cameras_pg.h"

namespace yagura::app {
namespace {

using access_control::AuditEvent;
using fleet::CameraState;

/// Changes a camera; where that can't be, says so in words of this camera.
Result<void> Change(const VerbContext& context, const FactChange& facts,
                    pqxx::transaction_base& transaction, CameraId camera, const std::string& code,
                    const fleet::CameraChange& change, WallTime at) {
  const Messages& say = context.say;
  const auto before = fleet::StateAt(transaction, camera, at);
  auto done = fleet::ChangeCamera(transaction, camera, change, facts.now(), at);
  done = Explain(std::move(done), ErrorCode::kFailedPrecondition,
                 Refusal(ErrorCode::kFailedPrecondition,
                         say("camera.later_change", {{"code", code}, {"at", facts.Shown(at)}}),
                         say("camera.later_change.next")));
  return Explain(std::move(done), ErrorCode::kOutOfRange,
                 BadStep(context, code, before, change.state.value_or(CameraState::kPlanned)));
}

/// Puts each camera that is named in `state` from --at on: all of them, or none.
Result<int> PutInState(VerbContext& context, CameraState state) {
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.EffectAt());
  const std::vector<std::string> codes = context.given.All("camera");
  const fleet::CameraChange change{.state = state, .note = context.given.Get("note")};
  const auto entered = facts.Enter(
      AuditEvent::kCameraChanged,
      [&](auto& transaction) -> Result<Json> {
        Json cameras = Json::Array();
        for (const std::string& code : codes) {
          ASSIGN_OR_RETURN(const CameraId id, CameraOf(context, transaction, code));
          RETURN_IF_ERROR(Change(context, facts, transaction, id, code, change, at));
          cameras.Push(ToString(id));
        }
        return Json::Object({{"cameras", cameras}, {"state", ToString(state)}});
      },
      at);
  RETURN_IF_ERROR(entered);
  for (const std::string& code : codes) {
    context.Tell(context.say("camera.now", {{"code", code},
                                            {"state", NameOfState(ToString(state), context.say)},
                                            {"at", facts.Shown(at)}}));
  }
  return 0;
}

Result<int> MoveCamera(VerbContext& context) {
  const std::string code = context.given.Get("camera");
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.EffectAt());
  const auto entered = facts.Enter(
      AuditEvent::kCameraChanged,
      [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const CameraId id, CameraOf(context, transaction, code));
        ASSIGN_OR_RETURN(const FloorId floor, FloorOf(context, transaction, "floor"));
        RETURN_IF_ERROR(Change(context, facts, transaction, id, code, {.floor = floor}, at));
        Json what = Json::Object({{"camera", ToString(id)}, {"floor", ToString(floor)}});
        if (!context.given.Has("unit")) return what;
        ASSIGN_OR_RETURN(const UnitId unit, UnitOf(context, transaction, "unit", at));
        RETURN_IF_ERROR(fleet::ChangeCharge(transaction, id, unit, facts.now(), at));
        what.Set("unit", ToString(unit));
        return what;
      },
      at);
  RETURN_IF_ERROR(entered);
  context.Tell(context.say(
      "camera.moved",
      {{"code", code}, {"floor", context.given.Get("floor")}, {"at", facts.Shown(at)}}));
  return 0;
}

Result<int> ReplaceCamera(VerbContext& context) {
  const std::string code = context.given.Get("camera");
  ASSIGN_OR_RETURN(const auto credentials, ReadCredentials(context));
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  const auto entered =
      facts.Enter(AuditEvent::kCameraChanged, [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const CameraId id, CameraOf(context, transaction, code));
        ASSIGN_OR_RETURN(auto sealed, SealFor(context, transaction, id, credentials));
        // Without new credentials the old device's are forgotten: they are not shown to another.
        const fleet::CameraChange change{.url = context.given.Get("url"),
                                         .credentials = sealed.value_or(fleet::SealedCredentials()),
                                         .lift_parking = true,
                                         .forget_certificate = true};
        RETURN_IF_ERROR(fleet::ChangeCamera(transaction, id, change, facts.now(), facts.now()));
        return Json::Object({{"camera", ToString(id)},
                             {"replaced", true},
                             {"url_changed", true},
                             {"credentials", !change.credentials->empty()}});
      });
  RETURN_IF_ERROR(entered);
  context.Tell(context.say("camera.replaced", {{"code", code}}));
  return 0;
}

Result<int> UnparkCamera(VerbContext& context) {
  const std::string code = context.given.Get("camera");
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  const auto entered =
      facts.Enter(AuditEvent::kCameraChanged, [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const CameraId id, CameraOf(context, transaction, code));
        RETURN_IF_ERROR(Explain(
            fleet::ChangeCamera(transaction, id, {.lift_parking = true}, facts.now(), facts.now()),
            ErrorCode::kFailedPrecondition,
            Refusal(ErrorCode::kFailedPrecondition, say("camera.is_retired", {{"code", code}}),
                    say("camera.unknown.next"))));
        return Json::Object({{"camera", ToString(id)}, {"parking_lifted", true}});
      });
  RETURN_IF_ERROR(entered);
  context.Tell(say("camera.unparked", {{"code", code}}));
  return 0;
}

CommandOption Cameras(const Messages& say) {
  CommandOption camera = Required("camera", say("value.code"), say("option.camera"));
  camera.repeatable = true;
  return camera;
}
CommandOption At(const Messages& say) {
  return Optional("at", say("value.instant"), say("option.at"));
}

Verb StateVerb(CameraState state, Command command) {
  return {.command = std::move(command),
          .run = [state](VerbContext& context) { return PutInState(context, state); }};
}

std::vector<Verb> StateVerbs(const Messages& say) {
  return {
      StateVerb(CameraState::kStaged,
                {.words = {"camera", "stage"},
                 .summary = say("camera.stage"),
                 .description = say("camera.stage.about"),
                 .examples = {"yagura camera stage --camera 5F-01 --camera 5F-02"},
                 .options = {Cameras(say), At(say)}}),
      StateVerb(CameraState::kAccepted,
                {.words = {"camera", "accept"},
                 .summary = say("camera.accept"),
                 .description = say("camera.accept.about"),
                 .examples = {"yagura camera accept --camera 5F-01 --note '画角と時刻を確認'"},
                 .options = {Cameras(say), Required("note", say("value.text"), say("option.note")),
                             At(say)}}),
      StateVerb(CameraState::kSuspended,
                {.words = {"camera", "suspend"},
                 .summary = say("camera.suspend"),
                 .description = say("camera.suspend.about"),
                 .examples = {"yagura camera suspend --camera 5F-01 --note '工事'"},
                 .options = {Cameras(say), Optional("note", say("value.text"), say("option.note")),
                             At(say)}})};
}

}  // namespace

std::vector<Verb> RolloutVerbs(const Messages& say) {
  std::vector<Verb> verbs = StateVerbs(say);
  verbs.push_back(
      {.command = {.words = {"camera", "move"},
                   .summary = say("camera.move"),
                   .description = say("camera.move.about"),
                   .examples = {"yagura camera move --camera 3F-13 --floor HQ/MAIN/1F --unit "
                                "RESIDENTS-INS --at 2027-04-01T00:00:00+09:00"},
                   .options = {Required("camera", say("value.code"), say("option.camera")),
                               Required("floor", say("value.floor"), say("option.floor")),
                               Optional("unit", say("value.code"), say("option.unit")), At(say)}},
       .run = MoveCamera});
  verbs.push_back(
      {.command = {.words = {"camera", "replace"},
                   .summary = say("camera.replace"),
                   .description = say("camera.replace.about"),
                   .examples = {"printf '%s\\n' viewer \"$password\" | yagura camera replace "
                                "--camera 1F-03 --url rtsp://10.20.1.9/stream1 --credentials"},
                   .options = {Required("camera", say("value.code"), say("option.camera")),
                               Required("url", "URL", say("option.url")),
                               Flag("credentials", say("option.credentials"))}},
       .run = ReplaceCamera});
  verbs.push_back(
      {.command = {.words = {"camera", "unpark"},
                   .summary = say("camera.unpark"),
                   .description = say("camera.unpark.about"),
                   .examples = {"yagura camera unpark --camera 1F-03"},
                   .options = {Required("camera", say("value.code"), say("option.camera"))}},
       .run = UnparkCamera});
  return verbs;
}

}  // namespace yagura::app
