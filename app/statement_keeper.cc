#include "app/statement_keeper.h"

#include "access_control/audit_pg.h"
#include "app/day_statement.h"
#include "core/log.h"
#include "storage/retention_queries_pg.h"

namespace yagura::app {
namespace {

constexpr std::chrono::minutes kAfterMidnight{10};
constexpr std::chrono::minutes kAgain{10};
constexpr int kHoursToSettle = 2;  // as in storage/retention_pg.cc

void Tell(const DayStatement& statement) {
  const auto clips = [](const storage::ClipCount& count) {
    return static_cast<std::int64_t>(count.clips);
  };
  log::Info("a day's retention was stated",
            {{"day", statement.day}, {"held_clips", clips(statement.past.held)}});
  if (statement.clean()) return;
  log::Error("alarm: footage older than its term is there: see yagura retention statement",
             {{"day", statement.day},
              {"left_clips", clips(statement.past.left)},
              {"leaving_clips", clips(statement.past.leaving)}});
}

}  // namespace

Result<bool> StatementKeeper::Round() {
  const WallTime now = clock_.Now();
  const WallTime midnight = calendar_.MidnightBefore(now);
  const std::string day = calendar_.Date(midnight - microseconds(1));
  const bool waits = next_ && clock_.Monotonic() < *next_;
  if (day == stated_ || waits || now < midnight + kAfterMidnight) return false;
  next_ = clock_.Monotonic() + kAgain;
  auto done = State(now, day);
  if (!done.has_value())
    log::Warning("housekeeping failed", {{"part", "statement"}, {"why", done.error()}});
  return done;
}

Result<bool> StatementKeeper::State(WallTime now, const std::string& day) {
  using Counted = std::optional<DayStatement>;
  ASSIGN_OR_RETURN(const Counted statement, pool_.ReadFor<Counted>([&](auto& transaction) {
    const bool stated = FindStatement(transaction, day).has_value();
    if (stated) stated_ = day;
    if (stated || storage::HasEmptyHour(transaction, now, kHoursToSettle))
      return Result<Counted>(std::nullopt);
    return Result<Counted>(CountDayBefore(transaction, now, calendar_));
  }));
  if (!statement) return false;
  RETURN_IF_ERROR(pool_.Run([&](pqxx::transaction_base& transaction) {
    return access_control::AppendAudit(transaction, access_control::AuditEvent::kRetentionStated,
                                       ToBody(*statement));
  }));
  stated_ = day;
  Tell(*statement);
  return true;
}

}  // namespace yagura::app
