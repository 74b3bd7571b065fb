#include "app/camera_input.h"
#include "app/fact_change.h"
#include "app/text_table.h"
#include "app/verbs.h"
#include "fleet/camera_certificates_pg.h"
#include "fleet/cameras_pg.h"

namespace yagura::app {
namespace {

using fleet::StoredCertificate;

Json ToJson(const StoredCertificate& one) {
  return Json::Object(
      {{"code", one.code},
       {"sha256", one.sha256},
       {"since", FormatRfc3339(one.since)},
       {"refused_sha256", one.refused_sha256 ? Json(*one.refused_sha256) : Json()},
       {"refused_since", one.refused_since ? Json(FormatRfc3339(*one.refused_since)) : Json()}});
}

Result<int> ListCertificates(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  using Certificates = std::vector<StoredCertificate>;
  ASSIGN_OR_RETURN(
      const Certificates certificates,
      facts.pool().ReadFor<Certificates>([&](auto& transaction) -> Result<Certificates> {
        return fleet::ListCertificates(transaction);
      }));
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{
      {say("column.code"), say("column.since"), say("column.certificate"), say("column.refused")}};
  for (const StoredCertificate& one : certificates) {
    items.Push(ToJson(one));
    rows.push_back({one.code, facts.Shown(one.since), one.sha256, one.refused_sha256.value_or("")});
  }
  context.out << (context.given.Has("json") ? Json::Object({{"items", items}}).Dump() + "\n"
                                            : TextTable(rows));
  return 0;
}

Result<int> ForgetCertificate(VerbContext& context) {
  const std::string code = context.given.Get("camera");
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  const auto entered = facts.Enter(
      access_control::AuditEvent::kCameraChanged, [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(const CameraId id, CameraOf(context, transaction, code));
        RETURN_IF_ERROR(Explain(
            fleet::ChangeCamera(transaction, id, {.forget_certificate = true}, facts.now(),
                                facts.now()),
            ErrorCode::kFailedPrecondition,
            Refusal(ErrorCode::kFailedPrecondition, say("camera.is_retired", {{"code", code}}),
                    say("camera.unknown.next"))));
        return Json::Object({{"camera", ToString(id)}, {"certificate_forgotten", true}});
      });
  RETURN_IF_ERROR(entered);
  context.Tell(say("camera.certificate_forgotten", {{"code", code}}));
  return 0;
}

}  // namespace

std::vector<Verb> CertificateVerbs(const Messages& say) {
  return {{.command = {.words = {"camera", "certificates"},
                       .summary = say("camera.certificates"),
                       .description = say("camera.certificates.about"),
                       .examples = {"yagura camera certificates"},
                       .options = {Flag("json", say("option.json"))}},
           .run = ListCertificates},
          {.command = {.words = {"camera", "forget-certificate"},
                       .summary = say("camera.forget_certificate"),
                       .description = say("camera.forget_certificate.about"),
                       .examples = {"yagura camera forget-certificate --camera 1F-03"},
                       .options = {Required("camera", say("value.code"), say("option.camera"))}},
           .run = ForgetCertificate}};
}

}  // namespace yagura::app
