#include "access_control/sessions_pg.h"
#include "app/audit_sealer.h"
#include "app/clock_discipline_posix.h"
#include "app/database_check.h"
#include "app/phase_keeper.h"
#include "app/second_tier.h"
#include "app/signals_posix.h"
#include "app/state_files.h"
#include "app/statement_keeper.h"
#include "app/verbs.h"
#include "core/log.h"
#include "storage/files_posix.h"
#include "storage/keep_pg.h"

namespace yagura::app {
namespace {

constexpr int kConnectionsMax = 2;
constexpr milliseconds kPhaseInterval{10'000};
constexpr std::chrono::hours kForgetInterval{1};

/// Each hour.
void ForgetSessions(pg::Pool& pool, const Clock& clock, MonoTime& next) {
  if (clock.Monotonic() < next) return;
  next = clock.Monotonic() + kForgetInterval;
  const auto done = access_control::ForgetOldSessions(pool);
  if (done.has_value()) return;
  log::Warning("housekeeping failed", {{"part", "old sessions"}, {"why", done.error()}});
}

/// For a statement that reads a day's proofs of deletion: of a thousand cameras some seconds.
pg::ConnectOptions Patient(pg::ConnectOptions options) {
  options.statement_timeout = std::chrono::seconds(30);
  options.transaction_timeout = std::chrono::seconds(90);
  return options;
}

Result<int> RunKeep(VerbContext& context) {
  StopSignals signals;
  log::Configure("keep", log::Level::kInfo);
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(const OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  pg::Pool pool(configuration.DatabaseAs("yagura_keep"), kConnectionsMax);
  storage::PosixFiles files;
  ASSIGN_OR_RETURN(const auto tier, SecondTier::Open(context, configuration, calendar, files));
  storage::Keep keep(pool, files, context.clock,
                     {.days = {calendar, configuration.time_zone},
                      .set_aside_path = StateFiles(configuration.state_directory).set_aside(),
                      .clock_state = ClockDiscipline,
                      .store = tier ? &tier->store() : nullptr,
                      .under_way = tier ? &tier->under_way() : nullptr});
  // Before that is known nothing is deleted: in another zone no file would lie where it is sought.
  for (bool fits = false; !fits;) {
    ASSIGN_OR_RETURN(fits, DatabaseFits(pool, configuration, context));
    if (!fits && signals.Await(kAskAgain)) return 0;
  }
  keep.Start();
  if (tier) tier->Start();
  PhaseKeeper phases(pool, context.clock);
  MonoTime forget_at = context.clock.Monotonic();
  AuditSealer sealer(pool, files, StateFiles(configuration.state_directory), context.clock);
  pg::Pool patient_pool(Patient(configuration.DatabaseAs("yagura_keep")), 1);
  StatementKeeper statements(patient_pool, context.clock, calendar);
  do {
    (void)phases.Round();  // what failed has been logged, and comes again
    const bool stated = statements.Round().value_or(false);
    (void)(stated ? sealer.Seal() : sealer.Round());
    ForgetSessions(pool, context.clock, forget_at);
  } while (!signals.Await(kPhaseInterval));
  if (tier) tier->Stop();
  keep.Stop();
  (void)sealer.Seal();
  return 0;
}

}  // namespace

Verb KeepVerb(const Messages& say) {
  return {.command = {.words = {"keep"},
                      .summary = say("keep"),
                      .description = say("keep.about"),
                      .examples = {"yagura keep --config /etc/yagura/yagura.toml"}},
          .run = RunKeep};
}

}  // namespace yagura::app
