#include "app/camera_input.h"
#include "app/fact_change.h"
#include "app/verbs.h"
#include "fleet/cameras_pg.h"

namespace yagura::app {
namespace {

using access_control::AuditEvent;

constexpr const char* kTransports = "tcp|udp|multicast|tls|http|auto";

Result<int> AddCamera(VerbContext& context) {
  const Arguments& given = context.given;
  ASSIGN_OR_RETURN(const auto credentials, ReadCredentials(context));
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.EffectAt());
  fleet::NewCamera camera;
  camera.id = NewId<CameraId>();
  camera.code = given.Get("code");
  camera.name = given.Get("name");
  camera.url = given.Get("url");
  ASSIGN_OR_RETURN(const auto transport, TransportOf(context));
  camera.transport = transport.value_or(CameraTransport::kTcp);
  camera.sub_url = given.Find("sub-url");
  camera.record_sub = given.Has("record-sub");
  if (camera.record_sub && !camera.sub_url) {
    return Failure(Refusal(ErrorCode::kInvalidArgument,
                           context.say("camera.no_sub", {{"code", camera.code}}),
                           context.say("camera.no_sub.next")));
  }
  if (given.Has("in-service")) camera.state = fleet::CameraState::kInService;
  const auto added = facts.Enter(
      AuditEvent::kCameraAdded,
      [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(camera.floor, FloorOf(context, transaction, "floor"));
        ASSIGN_OR_RETURN(camera.unit, UnitOf(context, transaction, "unit", at));
        ASSIGN_OR_RETURN(camera.phase, PhaseOf(context, transaction));
        ASSIGN_OR_RETURN(camera.credentials, SealFor(context, transaction, camera.id, credentials));
        RETURN_IF_ERROR(fleet::AddCamera(transaction, camera, facts.now(), at));
        return Json::Object({{"camera", ToString(camera.id)},
                             {"code", camera.code},
                             {"floor", ToString(camera.floor)},
                             {"unit", ToString(camera.unit)},
                             {"state", ToString(camera.state)},
                             {"transport", ToString(camera.transport)},
                             {"sub_stream", camera.sub_url.has_value()},
                             {"sub_stream_recorded", camera.record_sub},
                             {"credentials", camera.credentials.has_value()}});
      },
      at);
  return TellAdded(context, added,
                   context.say("camera.added", {{"code", camera.code}, {"at", facts.Shown(at)}}),
                   context.say("camera.there", {{"code", camera.code}}));
}

Result<fleet::CameraChange> ReadChange(const VerbContext& context) {
  fleet::CameraChange change;
  change.name = context.given.Find("name");
  change.url = context.given.Find("url");
  ASSIGN_OR_RETURN(change.transport, TransportOf(context));
  change.sub_url = context.given.Find("sub-url");
  if (context.given.Has("no-sub")) change.sub_url = "";
  if (context.given.Has("record-sub")) change.record_sub = true;
  if (context.given.Has("no-record-sub")) change.record_sub = false;
  if (const auto state = context.given.Find("state")) {
    if (*state == "in_service") change.state = fleet::CameraState::kInService;
    if (*state == "suspended") change.state = fleet::CameraState::kSuspended;
    if (!change.state) {
      return Failure(Refusal(ErrorCode::kInvalidArgument,
                             context.say("state.unknown", {{"given", *state}}),
                             context.say("state.unknown.next")));
    }
  }
  if (context.given.Has("no-credentials")) change.credentials.emplace();
  return change;
}

/// What an audit record keeps of a change; never a credential, nor a URL.
Json Described(CameraId camera, const fleet::CameraChange& change) {
  Json what = Json::Object({{"camera", ToString(camera)}});
  if (change.name) what.Set("name", *change.name);
  if (change.url) what.Set("url_changed", true);
  if (change.transport) what.Set("transport", ToString(*change.transport));
  if (change.sub_url) what.Set("sub_stream", !change.sub_url->empty());
  if (change.record_sub) what.Set("sub_stream_recorded", *change.record_sub);
  if (change.credentials) what.Set("credentials", !change.credentials->empty());
  if (change.floor) what.Set("floor", ToString(*change.floor));
  if (change.state) what.Set("state", ToString(*change.state));
  if (change.phase) what.Set("phase", ToString(*change.phase));
  return what;
}

/// Stored credentials are shown to no other host, and those that went over TLS over no other
/// transport: such a change says what becomes of them.
Result<void> CheckHost(const VerbContext& context, pqxx::transaction_base& transaction,
                       const fleet::CameraChange& change) {
  if (change.credentials) return {};
  const std::string code = context.given.Get("camera");
  if (!fleet::ForgettingCredentials(transaction, {{code, change.url, {}}}).empty()) {
    return Failure(Refusal(ErrorCode::kFailedPrecondition,
                           context.say("camera.other_host", {{"code", code}}),
                           context.say("camera.other_host.next")));
  }
  if (!fleet::ForgettingCredentials(transaction, {{code, {}, change.transport}}).empty()) {
    return Failure(Refusal(ErrorCode::kFailedPrecondition,
                           context.say("camera.in_the_clear", {{"code", code}}),
                           context.say("camera.in_the_clear.next")));
  }
  return {};
}

/// Only what is there can be recorded.
Result<void> CheckSub(const VerbContext& context, pqxx::transaction_base& transaction,
                      CameraId camera, const fleet::CameraChange& change) {
  const bool is_there =
      change.sub_url ? !change.sub_url->empty() : fleet::HasSubStream(transaction, camera);
  if (!change.record_sub || is_there) return {};
  return Failure(Refusal(ErrorCode::kFailedPrecondition,
                         context.say("camera.no_sub", {{"code", context.given.Get("camera")}}),
                         context.say("camera.no_sub.next")));
}

Result<int> ChangeCamera(VerbContext& context) {
  ASSIGN_OR_RETURN(fleet::CameraChange change, ReadChange(context));
  ASSIGN_OR_RETURN(const auto credentials, ReadCredentials(context));
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.EffectAt());
  const auto entered = facts.Enter(
      AuditEvent::kCameraChanged,
      [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const CameraId id,
                         CameraOf(context, transaction, context.given.Get("camera")));
        if (context.given.Has("floor")) {
          ASSIGN_OR_RETURN(change.floor, FloorOf(context, transaction, "floor"));
        }
        ASSIGN_OR_RETURN(change.phase, PhaseOf(context, transaction));
        ASSIGN_OR_RETURN(auto sealed, SealFor(context, transaction, id, credentials));
        if (sealed) change.credentials = std::move(sealed);
        RETURN_IF_ERROR(CheckHost(context, transaction, change));
        const Json what = Described(id, change);
        if (what.size() == 1) {
          return Failure(Refusal(ErrorCode::kInvalidArgument, context.say("camera.no_change"),
                                 context.say("camera.no_change.next")));
        }
        RETURN_IF_ERROR(CheckSub(context, transaction, id, change));
        const auto before = fleet::StateAt(transaction, id, at);
        RETURN_IF_ERROR(Explain(fleet::ChangeCamera(transaction, id, change, facts.now(), at),
                                ErrorCode::kOutOfRange,
                                BadStep(context, context.given.Get("camera"), before,
                                        change.state.value_or(fleet::CameraState::kPlanned))));
        return what;
      },
      at);
  RETURN_IF_ERROR(entered);
  const bool dated = change.floor.has_value() || change.state.has_value();
  const std::string code = context.given.Get("camera");
  context.Tell(dated ? context.say("camera.changed_from", {{"code", code}, {"at", facts.Shown(at)}})
                     : context.say("camera.changed", {{"code", code}}));
  return 0;
}

Result<int> RetireCamera(VerbContext& context) {
  const std::string code = context.given.Get("camera");
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const WallTime at, facts.EffectAt());
  const auto entered = facts.Enter(
      AuditEvent::kCameraRemoved,
      [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const CameraId id, CameraOf(context, transaction, code));
        RETURN_IF_ERROR(fleet::RetireCamera(transaction, id, facts.now(), at));
        return Json::Object({{"camera", ToString(id)}});
      },
      at);
  RETURN_IF_ERROR(entered);
  context.Tell(context.say("camera.retired", {{"code", code}, {"at", facts.Shown(at)}}));
  return 0;
}

/// What each camera verb is given besides its own options.
std::vector<CommandOption> With(std::vector<CommandOption> options, const Messages& say) {
  options.push_back(Flag("credentials", say("option.credentials")));
  options.push_back(Optional("at", say("value.instant"), say("option.at")));
  return options;
}

Verb AddVerb(const Messages& say) {
  return {
      .command =
          {.words = {"camera", "add"},
           .summary = say("camera.add"),
           .description = say("camera.add.about"),
           .examples = {"yagura camera add --code 1F-03 --name '1階 窓口' --floor 1F --unit TAX "
                        "--url rtsp://10.20.1.3/stream1 --in-service",
                        "printf '%s\\n' viewer \"$password\" | yagura camera add --code 1F-03 … "
                        "--credentials"},
           .options = With({Required("code", say("value.code"), say("option.camera_code")),
                            Required("name", say("value.name"), say("option.camera_name")),
                            Required("floor", say("value.floor"), say("option.floor")),
                            Required("unit", say("value.code"), say("option.unit")),
                            Required("url", "URL", say("option.url")),
                            Optional("transport", kTransports, say("option.transport")),
                            Optional("sub-url", "URL", say("option.sub_url")),
                            Flag("record-sub", say("option.record_sub")),
                            Optional("phase", say("value.code"), say("option.phase")),
                            Flag("in-service", say("option.in_service")),
                            Flag("if-absent", say("option.if_absent"))},
                           say)},
      .run = AddCamera};
}

Verb ChangeVerb(const Messages& say) {
  return {
      .command = {.words = {"camera", "change"},
                  .summary = say("camera.change"),
                  .description = say("camera.change.about"),
                  .examples = {"yagura camera change --camera 1F-03 --state suspended",
                               "yagura camera change --camera 1F-03 --floor MAIN/2F --at "
                               "2027-04-01T00:00:00+09:00",
                               "printf '%s\\n' viewer \"$password\" | yagura camera change "
                               "--camera 1F-03 --credentials"},
                  .options = With({Required("camera", say("value.code"), say("option.camera")),
                                   Optional("name", say("value.name"), say("option.camera_name")),
                                   Optional("url", "URL", say("option.url")),
                                   Optional("transport", kTransports, say("option.transport")),
                                   Optional("floor", say("value.floor"), say("option.floor")),
                                   Optional("phase", say("value.code"), say("option.phase")),
                                   Optional("state", "in_service|suspended", say("option.state")),
                                   Optional("sub-url", "URL", say("option.sub_url")),
                                   Flag("no-sub", say("option.no_sub")),
                                   Flag("record-sub", say("option.record_sub")),
                                   Flag("no-record-sub", say("option.no_record_sub")),
                                   Flag("no-credentials", say("option.no_credentials"))},
                                  say)},
      .run = ChangeCamera};
}

Verb RetireVerb(const Messages& say) {
  return {.command = {.words = {"camera", "retire"},
                      .summary = say("camera.retire"),
                      .description = say("camera.retire.about"),
                      .examples = {"yagura camera retire --camera 1F-03"},
                      .options = {Required("camera", say("value.code"), say("option.camera")),
                                  Optional("at", say("value.instant"), say("option.at"))}},
          .run = RetireCamera};
}

}  // namespace

std::vector<Verb> CameraVerbs(const Messages& say) {
  return {AddVerb(say), ChangeVerb(say), RetireVerb(say)};
}

}  // namespace yagura::app
