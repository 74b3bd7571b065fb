#include "app/fact_change.h"

#include "access_control/audit_pg.h"
#include "fleet/effect.h"
#include "office/office.h"

namespace yagura::app {

Result<FactChange> FactChange::Begin(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  ASSIGN_OR_RETURN(auto pool, context.OpenDatabase());
  return FactChange(context, std::move(pool), std::move(calendar));
}

Result<WallTime> FactChange::Instant(std::string_view option, WallTime standard) const {
  const auto text = context_->given.Find(option);
  if (!text) return standard;
  const std::string name = "--" + std::string(option);
  const bool is_date = text->find_first_of("T :") == std::string::npos;
  const auto midnight = is_date ? office::ReadInstant(*text, calendar_) : std::nullopt;
  if (midnight) return *midnight;
  return Explain(ParseRfc3339(*text), ErrorCode::kInvalidArgument,
                 Refusal(ErrorCode::kInvalidArgument,
                         say()("instant.wrong", {{"option", name}, {"given", *text}}),
                         say()("instant.next", {{"option", name}, {"example", Shown(now_)}})));
}

Result<WallTime> FactChange::EffectAt() const {
  ASSIGN_OR_RETURN(const WallTime at, Instant("at", fleet::EarliestEffect(now_)));
  if (fleet::CheckEffect(now_, at).has_value()) return at;
  return Failure(Refusal(ErrorCode::kFailedPrecondition,
                         say()("instant.too_early", {{"at", Shown(at)}}),
                         say()("instant.too_early.next")));
}

std::string FactChange::Shown(WallTime time) const { return calendar_.Rfc3339(time); }

Result<void> FactChange::Enter(access_control::AuditEvent event, const Change& change,
                               std::optional<WallTime> at) const {
  return pool_->Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    ASSIGN_OR_RETURN(const Json what, change(transaction));
    if (what.size() == 0) return {};
    Json body = Json::Object({{"actor", "operator at console"}, {"user", Actor()}});
    for (const std::string& member : what.members()) body.Set(member, what.Get(member));
    if (at) body.Set("at", FormatRfc3339(*at));
    RETURN_IF_ERROR(access_control::AppendAudit(transaction, event, body));
    return at ? fleet::CheckStillInTime(context_->clock.Now(), *at) : Result<void>();
  });
}

Result<int> TellAdded(VerbContext& context, const Result<void>& added, const std::string& done,
                      const std::string& there_already) {
  if (added.has_value()) {
    context.Tell(done);
    return 0;
  }
  if (added.error().code() != ErrorCode::kAlreadyExists) return Failure(added.error());
  if (context.given.Has("if-absent")) {
    context.Tell(there_already);
    return 0;
  }
  return Failure(Refusal(ErrorCode::kAlreadyExists, there_already, context.say("if_absent.next")));
}

}  // namespace yagura::app
