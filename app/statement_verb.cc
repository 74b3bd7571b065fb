#include <algorithm>
#include <ostream>

#include "access_control/audit_pg.h"
#include "app/day_statement.h"
#include "app/given_seals.h"
#include "app/shown_bytes.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

using storage::ClipCount;

constexpr int kDisagrees = 1;

/// A statement, and what it is worth now.
struct Shown {
  enum class Signature : std::uint8_t { kGood, kNone, kAltered };
  StatementRecord record;
  DayStatement statement;
  std::filesystem::path seals_path;
  Signature signature = Signature::kNone;
  bool same_proofs = false;
  [[nodiscard]] bool holds() const {
    return statement.clean() && signature == Signature::kGood && same_proofs;
  }
};

pg::ConnectOptions Database(const Configuration& configuration) {
  pg::ConnectOptions options = configuration.DatabaseAs(kStatementWriter);
  options.statement_timeout = options.transaction_timeout = std::chrono::minutes(5);
  return options;
}

/// The statement of --day, and whether the proofs are what it counted.
Result<void> ReadStatement(const VerbContext& context, pg::Pool& pool, Shown& shown) {
  const std::string day = context.given.Get("day");
  return pool.Read([&](pqxx::transaction_base& transaction) -> Result<void> {
    const auto record = FindStatement(transaction, day);
    if (!record) {
      return Failure(Refusal(ErrorCode::kNotFound, context.say("statement.none", {{"day", day}}),
                             context.say("statement.none.next")));
    }
    shown.record = *record;
    ASSIGN_OR_RETURN(shown.statement, ParseBody(record->body));
    const DayStatement& statement = shown.statement;
    shown.same_proofs = storage::ReadProven(transaction, statement.range) == statement.deleted;
    return {};
  });
}

/// The seals sign where the chain stands, and each link holds all before it: a seal at the record
/// or behind it signs it, as long as the chain holds.
Result<Shown::Signature> SignatureOf(pg::Pool& pool, const StatementRecord& record,
                                     const GivenSeals& given) {
  if (given.seals && given.seals->bad_line) return Shown::Signature::kAltered;
  if (!given.seals) return Shown::Signature::kNone;
  ASSIGN_OR_RETURN(
      const auto check,
      access_control::CheckAudit(pool, {.sealed = given.seals->heads, .writer = kStatementWriter}));
  if (!check.faults.empty()) return Shown::Signature::kAltered;
  const bool covered = std::ranges::any_of(given.seals->heads, [&](const auto& head) {
    return head.writer == kStatementWriter && head.counter >= record.counter;
  });
  return covered ? Shown::Signature::kGood : Shown::Signature::kNone;
}

std::string SignatureLine(const Shown& shown, const Messages& say) {
  const std::string file = shown.seals_path.string();
  switch (shown.signature) {
    case Shown::Signature::kGood:
      return say("statement.signed", {{"file", file}});
    case Shown::Signature::kNone:
      return say("statement.unsigned", {{"file", file}});
    case Shown::Signature::kAltered:
      return say("statement.altered");
  }
  return "";
}

std::string ToText(const Shown& shown, const OfficeCalendar& calendar, const Messages& say) {
  const DayStatement& statement = shown.statement;
  const auto count = [&](const ClipCount& of) {
    return say("statement.count",
               {{"clips", std::to_string(of.clips)}, {"bytes", ShownBytes(of.bytes)}});
  };
  const auto line = [&](MessageKey key, const ClipCount& of) {
    return say(key, {{"count", count(of)}}) + "\n";
  };
  return say("statement.of", {{"day", statement.day},
                              {"from", calendar.Rfc3339(statement.range.from)},
                              {"to", calendar.Rfc3339(statement.range.to)},
                              {"at", calendar.Rfc3339(shown.record.at)},
                              {"counter", std::to_string(shown.record.counter)},
                              {"writer", kStatementWriter}}) +
         "\n" + line("statement.left", statement.past.left) +
         line("statement.leaving", statement.past.leaving) +
         line("statement.held", statement.past.held) +
         say("statement.deleted", {{"age", count(statement.deleted.by_age)},
                                   {"space", count(statement.deleted.for_space)},
                                   {"staged", count(statement.deleted.staged)}}) +
         "\n" + say("statement.version", {{"version", std::to_string(statement.version)}}) + "\n" +
         (statement.clean() ? say("statement.clean") : say("statement.not_clean")) + "\n" +
         SignatureLine(shown, say) + "\n" +
         (shown.same_proofs ? say("statement.proofs") : say("statement.other_proofs"));
}

/// The record byte for byte, so that its link in the chain can be computed from it.
Json ToJson(const Shown& shown) {
  return Json::Object({{"writer", kStatementWriter},
                       {"counter", shown.record.counter},
                       {"at", FormatRfc3339(shown.record.at)},
                       {"event", "retention_stated"},
                       {"body", shown.record.body},
                       {"chain", shown.record.chain_hex},
                       {"clean", shown.statement.clean()},
                       {"signed", shown.signature == Shown::Signature::kGood},
                       {"same_proofs", shown.same_proofs}});
}

Result<int> RunStatement(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  // First: the log only grows, so what they say must be in it.
  ASSIGN_OR_RETURN(const GivenSeals given, ReadGivenSeals(context, configuration));
  pg::Pool pool(Database(configuration), 1);
  Shown shown;
  shown.seals_path = given.path;
  RETURN_IF_ERROR(ReadStatement(context, pool, shown));
  ASSIGN_OR_RETURN(shown.signature, SignatureOf(pool, shown.record, given));
  context.Tell(context.given.Has("json") ? ToJson(shown).Dump()
                                         : ToText(shown, calendar, context.say));
  return shown.holds() ? 0 : kDisagrees;
}

}  // namespace

Verb StatementVerb(const Messages& say) {
  std::vector<CommandOption> options{Operand("day", say("statement.value"), say("statement.day"))};
  for (CommandOption& option : SealOptions(say)) options.push_back(std::move(option));
  options.push_back(Flag("json", say("option.json")));
  return {.command = {.words = {"retention", "statement"},
                      .summary = say("statement"),
                      .description = say("statement.about"),
                      .examples = {"yagura retention statement 2027-04-01",
                                   "yagura retention statement 2027-04-01 --seals "
                                   "copy/audit-seals --public-key copy/audit-seals.pub"},
                      .options = options},
          .run = RunStatement};
}

}  // namespace yagura::app
