#include "app/camera_input.h"

#include "app/fact_change.h"
#include "app/names.h"
#include "app/secret_input_posix.h"
#include "fleet/cameras_pg.h"
#include "fleet/phases_pg.h"
#include "fleet/places_pg.h"
#include "fleet/recorder_view_pg.h"

namespace yagura::app {

Result<CameraId> CameraOf(const VerbContext& context, pqxx::transaction_base& transaction,
                          const std::string& code) {
  return Explain(fleet::FindCamera(transaction, code), ErrorCode::kNotFound,
                 Refusal(ErrorCode::kNotFound, context.say("camera.unknown", {{"given", code}}),
                         context.say("camera.unknown.next")));
}

Result<FloorId> FloorOf(const VerbContext& context, pqxx::transaction_base& transaction,
                        std::string_view option) {
  const std::string given = context.given.Get(option);
  const std::string next = context.say("floor.next");
  auto found = Explain(
      fleet::FindFloor(transaction, given), ErrorCode::kNotFound,
      Refusal(ErrorCode::kNotFound, context.say("floor.unknown", {{"given", given}}), next));
  return Explain(std::move(found), ErrorCode::kFailedPrecondition,
                 Refusal(ErrorCode::kFailedPrecondition,
                         context.say("floor.several", {{"given", given}}), next));
}

Result<UnitId> UnitOf(const VerbContext& context, pqxx::transaction_base& transaction,
                      std::string_view option, WallTime at) {
  const std::string given = context.given.Get(option);
  return Explain(fleet::FindUnit(transaction, given, at), ErrorCode::kNotFound,
                 Refusal(ErrorCode::kNotFound, context.say("unit.unknown", {{"given", given}}),
                         context.say("unit.unknown.next")));
}

Result<std::optional<fleet::PhaseId>> PhaseOf(const VerbContext& context,
                                              pqxx::transaction_base& transaction) {
  const auto given = context.given.Find("phase");
  if (!given) return std::nullopt;
  ASSIGN_OR_RETURN(
      const fleet::Phase phase,
      Explain(fleet::FindPhase(transaction, *given), ErrorCode::kNotFound,
              Refusal(ErrorCode::kNotFound, context.say("phase.unknown", {{"given", *given}}),
                      context.say("phase.unknown.next"))));
  return phase.id;
}

Result<std::optional<CameraTransport>> TransportOf(const VerbContext& context) {
  const auto given = context.given.Find("transport");
  if (!given) return std::nullopt;
  const auto transport = ParseCameraTransport(*given);
  if (transport) return transport;
  return Failure(Refusal(ErrorCode::kInvalidArgument,
                         context.say("transport.unknown", {{"given", *given}}),
                         context.say("transport.unknown.next")));
}

Error BadStep(const VerbContext& context, const std::string& code,
              std::optional<fleet::CameraState> before, fleet::CameraState after) {
  const Messages& say = context.say;
  return Refusal(
      ErrorCode::kOutOfRange,
      say("camera.bad_step", {{"code", code},
                              {"before", before ? NameOfState(ToString(*before), say) : "-"},
                              {"after", NameOfState(ToString(after), say)}}),
      say("camera.bad_step.next"));
}

Result<std::optional<fleet::CameraCredentials>> ReadCredentials(VerbContext& context) {
  if (!context.given.Has("credentials")) return std::nullopt;
  const Error refusal = Refusal(ErrorCode::kInvalidArgument, context.say("credentials.wrong"),
                                context.say("credentials.next"));
  const auto line = [&](const std::string& prompt) {
    return Explain(ReadSecretLine(context.in, prompt), ErrorCode::kInvalidArgument, refusal);
  };
  fleet::CameraCredentials credentials;
  ASSIGN_OR_RETURN(credentials.username, line(context.say("credentials.username")));
  ASSIGN_OR_RETURN(credentials.password, line(context.say("credentials.password")));
  return credentials;
}

Result<std::optional<fleet::SealedCredentials>> SealFor(
    const VerbContext& context, pqxx::transaction_base& transaction, CameraId camera,
    const std::optional<fleet::CameraCredentials>& credentials) {
  if (!credentials) return std::nullopt;
  ASSIGN_OR_RETURN(const auto key,
                   Explain(fleet::ReadRecorderKey(transaction), ErrorCode::kFailedPrecondition,
                           Refusal(ErrorCode::kFailedPrecondition, context.say("recorder_key.none"),
                                   context.say("recorder_key.none.next"))));
  ASSIGN_OR_RETURN(auto sealed,
                   Explain(fleet::Seal(key, camera, *credentials), ErrorCode::kInvalidArgument,
                           Refusal(ErrorCode::kInvalidArgument, context.say("credentials.wrong"),
                                   context.say("credentials.next"))));
  return sealed;
}

}  // namespace yagura::app
