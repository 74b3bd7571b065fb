#include "app/fact_change.h"
#include "app/phase_board.h"
#include "app/text_table.h"
#include "app/verbs.h"
#include "fleet/phases_pg.h"
#include "office/office.h"

namespace yagura::app {
namespace {

using access_control::AuditEvent;
using fleet::CameraState;
using fleet::PhaseStanding;

/// A date or an instant, as the office's files have them.
Result<WallTime> ReadDate(VerbContext& context, const std::string& option) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const auto calendar, OfficeCalendar::Load(configuration.time_zone));
  const std::string given = context.given.Get(option);
  if (const auto instant = office::ReadInstant(given, calendar)) return *instant;
  return Failure(
      Refusal(ErrorCode::kInvalidArgument,
              context.say("phase.bad_date", {{"option", "--" + option}, {"given", given}}),
              context.say("phase.bad_date.next")));
}

Json Record(fleet::PhaseId phase, WallTime starts_at) {
  return Json::Object({{"phase", ToString(phase)}, {"starts", FormatRfc3339(starts_at)}});
}

Result<int> AddPhase(VerbContext& context) {
  const std::string code = context.given.Get("code");
  ASSIGN_OR_RETURN(const WallTime starts_at, ReadDate(context, "starts"));
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  const auto added = facts.Enter(AuditEvent::kPhaseAdded, [&](auto& transaction) -> Result<Json> {
    ASSIGN_OR_RETURN(const fleet::PhaseId id,
                     fleet::AddPhase(transaction, code, context.given.Get("name"), starts_at));
    return Record(id, starts_at);
  });
  return TellAdded(context, added,
                   context.say("phase.added", {{"code", code}, {"at", facts.Shown(starts_at)}}),
                   context.say("phase.there", {{"code", code}}));
}

Error NoSuchPhase(const VerbContext& context, const std::string& code) {
  return Refusal(ErrorCode::kNotFound, context.say("phase.unknown", {{"given", code}}),
                 context.say("phase.unknown.next"));
}

Result<int> ChangePhase(VerbContext& context) {
  const std::string code = context.given.Get("phase");
  if (!context.given.Has("name") && !context.given.Has("starts")) {
    return Failure(Refusal(ErrorCode::kInvalidArgument, context.say("phase.no_change"),
                           context.say("phase.no_change.next")));
  }
  std::optional<WallTime> starts_at;
  if (context.given.Has("starts")) {
    ASSIGN_OR_RETURN(starts_at, ReadDate(context, "starts"));
  }
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  fleet::Phase phase;
  const auto changed =
      facts.Enter(AuditEvent::kPhaseChanged, [&](auto& transaction) -> Result<Json> {
        ASSIGN_OR_RETURN(phase, Explain(fleet::FindPhase(transaction, code), ErrorCode::kNotFound,
                                        NoSuchPhase(context, code)));
        phase.name = context.given.Find("name").value_or(phase.name);
        phase.starts_at = starts_at.value_or(phase.starts_at);
        RETURN_IF_ERROR(fleet::ChangePhase(transaction, phase));
        return Record(phase.id, phase.starts_at);
      });
  RETURN_IF_ERROR(changed);
  context.Tell(
      context.say("phase.changed", {{"code", code}, {"at", facts.Shown(phase.starts_at)}}));
  return 0;
}

Result<std::vector<PhaseStanding>> Standings(const FactChange& facts) {
  using Phases = std::vector<PhaseStanding>;
  return facts.pool().ReadFor<Phases>([&](auto& transaction) -> Result<Phases> {
    return fleet::ListPhases(transaction, facts.now());
  });
}

Json ToJson(const PhaseStanding& standing) {
  Json states = Json::Object();
  for (const auto& [state, codes] : standing.cameras) {
    Json items = Json::Array();
    for (const std::string& code : codes) items.Push(code);
    states.Set(ToString(state), items);
  }
  return Json::Object({{"id", ToString(standing.phase.id)},
                       {"code", standing.phase.code},
                       {"name", standing.phase.name},
                       {"starts_at", FormatRfc3339(standing.phase.starts_at)},
                       {"cameras", states}});
}

Result<int> ListPhases(VerbContext& context) {
  const Messages& say = context.say;
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const auto standings, Standings(facts));
  Json items = Json::Array();
  std::vector<std::vector<std::string>> rows{
      {say("column.code"), say("column.name"), say("column.starts"), say("column.cameras"),
       say("column.missing"), say("column.accepted"), say("column.in_service")}};
  for (const PhaseStanding& standing : standings) {
    items.Push(ToJson(standing));
    rows.push_back({standing.phase.code, standing.phase.name, facts.Shown(standing.phase.starts_at),
                    std::to_string(standing.Count()), std::to_string(standing.NotAccepted().size()),
                    std::to_string(standing.CountOf(CameraState::kAccepted)),
                    std::to_string(standing.CountOf(CameraState::kInService))});
  }
  context.out << (context.given.Has("json") ? Json::Object({{"items", items}}).Dump() + "\n"
                                            : TextTable(rows));
  return 0;
}

/// What the phase lacks, or since when it needs nothing.
std::string Told(const PhaseStanding& standing, const FactChange& facts) {
  const std::string at = facts.Shown(standing.phase.starts_at);
  const auto lacking = standing.NotAccepted();
  std::string cameras;
  for (const std::string& code : lacking) cameras += (cameras.empty() ? "" : ", ") + code;
  const bool ready = standing.CountOf(CameraState::kAccepted) > 0;
  const std::string count = std::to_string(!lacking.empty() ? lacking.size()
                                           : ready ? standing.CountOf(CameraState::kAccepted)
                                                   : standing.CountOf(CameraState::kInService));
  const FillIns values{{"code", standing.phase.code},
                       {"name", standing.phase.name},
                       {"at", at},
                       {"count", count},
                       {"cameras", cameras}};
  if (standing.Count() == 0) return facts.say()("phase.empty", values);
  if (!lacking.empty()) return facts.say()("phase.lacks", values);
  return ready ? facts.say()("phase.ready", values) : facts.say()("phase.in_service", values);
}

using Board = std::vector<fleet::BoardCamera>;

/// Gaps are not the console's own role's to read.
Result<Board> BoardOf(const VerbContext& context, fleet::PhaseId phase, WallTime now) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  pg::Pool pool(configuration.DatabaseAs("yagura_keep"), 1);
  return pool.ReadFor<Board>([&](auto& transaction) -> Result<Board> {
    return fleet::ReadPhaseBoard(transaction, phase, now);
  });
}

Result<int> ShowPhase(VerbContext& context) {
  const std::string code = context.given.Get("phase");
  ASSIGN_OR_RETURN(const FactChange facts, FactChange::Begin(context));
  ASSIGN_OR_RETURN(const auto standings, Standings(facts));
  for (const PhaseStanding& standing : standings) {
    if (standing.phase.code != code) continue;
    ASSIGN_OR_RETURN(const auto board, BoardOf(context, standing.phase.id, facts.now()));
    if (context.given.Has("json")) {
      Json phase = ToJson(standing);
      phase.Set("board", JsonOf(board));
      context.Tell(phase.Dump());
      return 0;
    }
    context.Tell(Told(standing, facts));
    for (const std::string& line : TellBoard(board, facts)) context.Tell(line);
    return 0;
  }
  return Failure(NoSuchPhase(context, code));
}

}  // namespace

std::vector<Verb> PhaseVerbs(const Messages& say) {
  const CommandOption phase = Required("phase", say("value.code"), say("option.the_phase"));
  const CommandOption json = Flag("json", say("option.json"));
  return {
      {.command = {.words = {"phase", "add"},
                   .summary = say("phase.add"),
                   .description = say("phase.add.about"),
                   .examples = {"yagura phase add --code P1 --name '本庁舎1階から3階' --starts "
                                "2027-06-01"},
                   .options = {Required("code", say("value.code"), say("option.phase_code")),
                               Required("name", say("value.name"), say("option.phase_name")),
                               Required("starts", say("value.instant"), say("option.starts")),
                               Flag("if-absent", say("option.if_absent"))}},
       .run = AddPhase},
      {.command = {.words = {"phase", "change"},
                   .summary = say("phase.change"),
                   .description = say("phase.change.about"),
                   .examples = {"yagura phase change --phase P2 --starts 2027-06-15"},
                   .options = {phase, Optional("name", say("value.name"), say("option.phase_name")),
                               Optional("starts", say("value.instant"), say("option.starts"))}},
       .run = ChangePhase},
      {.command = {.words = {"phase", "list"},
                   .summary = say("phase.list"),
                   .description = say("phase.list.about"),
                   .examples = {"yagura phase list", "yagura phase list --json"},
                   .options = {json}},
       .run = ListPhases},
      {.command = {.words = {"phase", "show"},
                   .summary = say("phase.show"),
                   .description = say("phase.show.about"),
                   .examples = {"yagura phase show --phase P2"},
                   .options = {phase, json}},
       .run = ShowPhase}};
}

}  // namespace yagura::app
