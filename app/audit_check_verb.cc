#include "access_control/audit_pg.h"
#include "app/given_seals.h"
#include "app/progress.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

using access_control::AuditCheck;
using access_control::AuditFault;

constexpr int kDisagrees = 1;

/// The log and its seals, and what is wrong with either.
struct AuditReport {
  std::filesystem::path seals_path;
  std::optional<SealHistory> seals;  // none: there is no such file
  AuditCheck check;
  [[nodiscard]] bool holds() const { return check.faults.empty() && seals && !seals->bad_line; }
};

std::string Count(std::uint64_t count) { return std::to_string(count); }
std::string Count(std::int64_t count) { return std::to_string(count); }

std::string FaultLine(const AuditFault& fault, const Messages& say) {
  const std::string counter = Count(fault.counter);
  switch (fault.kind) {
    case AuditFault::Kind::kMissing:
      return say("audit.missing", {{"writer", fault.writer}, {"counter", counter}});
    case AuditFault::Kind::kAltered:
      return say("audit.altered", {{"writer", fault.writer}, {"counter", counter}});
    case AuditFault::Kind::kCutOff:
      return say("audit.cut_off", {{"writer", fault.writer}, {"counter", counter}});
    case AuditFault::Kind::kNotItsHead:
      return say("audit.not_its_head", {{"writer", fault.writer}, {"counter", counter}});
    case AuditFault::Kind::kNoHead:
      return say("audit.no_head", {{"writer", fault.writer}});
    case AuditFault::Kind::kNotAsSealed:
      return say(
          "audit.not_as_sealed",
          {{"writer", fault.writer}, {"from", Count(fault.intact + 1)}, {"counter", counter}});
  }
  return "";
}

std::string SealsLine(const AuditReport& report, const Messages& say) {
  const std::string path = report.seals_path.string();
  if (!report.seals) return say("audit.no_seals", {{"file", path}});
  if (report.seals->bad_line)
    return say("audit.bad_seal", {{"file", path}, {"line", Count(*report.seals->bad_line)}});
  if (!report.seals->last_at) return say("audit.no_seals", {{"file", path}});
  return say("audit.seals", {{"count", Count(report.seals->seals)},
                             {"at", FormatRfc3339(*report.seals->last_at)}});
}

std::string ToText(const AuditReport& report, const Messages& say) {
  std::string text = say("audit.records", {{"count", Count(report.check.records)},
                                           {"writers", Count(report.check.writers)}}) +
                     "\n" + SealsLine(report, say) + "\n";
  for (const AuditFault& fault : report.check.faults) text += FaultLine(fault, say) + "\n";
  return text + (report.holds() ? say("audit.holds") : say("audit.does_not_hold"));
}

Json ToJson(const AuditReport& report) {
  Json faults = Json::Array();
  for (const AuditFault& fault : report.check.faults) {
    faults.Push(Json::Object({{"writer", fault.writer},
                              {"counter", fault.counter},
                              {"kind", ToString(fault.kind)},
                              {"intact", fault.intact}}));
  }
  const bool sealed = report.seals && report.seals->last_at;
  Json json = Json::Object({{"holds", report.holds()},
                            {"records", report.check.records},
                            {"writers", report.check.writers},
                            {"seals", report.seals ? report.seals->seals : std::uint64_t{0}}});
  json.Set("sealed_until", sealed ? Json(FormatRfc3339(*report.seals->last_at)) : Json());
  json.Set("bad_seal",
           report.seals && report.seals->bad_line ? Json(*report.seals->bad_line) : Json());
  return json.Set("faults", faults);
}

Result<int> RunAuditCheck(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  // First: the log only grows, so what they say must be in it.
  ASSIGN_OR_RETURN(GivenSeals given, ReadGivenSeals(context, configuration));
  AuditReport report{.seals_path = given.path, .seals = std::move(given.seals), .check = {}};
  const bool as_json = context.given.Has("json");
  pg::ConnectOptions database = configuration.DatabaseAs("yagura_admin");
  database.statement_timeout = std::chrono::minutes(2);
  database.transaction_timeout = std::chrono::hours(24);
  pg::Pool pool(database, 1);
  Progress progress(context);
  access_control::AuditCheckOptions options;
  if (report.seals) options.sealed = report.seals->heads;
  options.on_progress = [&](std::int64_t records) {
    progress.Tell([&] { return context.say("audit.progress", {{"count", Count(records)}}); });
  };
  ASSIGN_OR_RETURN(report.check, access_control::CheckAudit(pool, options));
  context.Tell(as_json ? ToJson(report).Dump(1) : ToText(report, context.say));
  return report.holds() ? 0 : kDisagrees;
}

}  // namespace

Verb AuditCheckVerb(const Messages& say) {
  std::vector<CommandOption> options = SealOptions(say);
  options.push_back(Flag("json", say("option.json")));
  return {.command = {.words = {"audit", "check"},
                      .summary = say("audit.check"),
                      .description = say("audit.check.about"),
                      .examples = {"yagura audit check",
                                   "yagura audit check --seals copy/audit-seals --public-key "
                                   "copy/audit-seals.pub"},
                      .options = options},
          .run = RunAuditCheck};
}

}  // namespace yagura::app
