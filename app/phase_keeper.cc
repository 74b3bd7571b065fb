#include "app/phase_keeper.h"

#include "core/log.h"
#include "fleet/effect.h"

namespace yagura::app {
namespace {

constexpr std::chrono::hours kWarnInterval{1};

}  // namespace

Result<void> PhaseKeeper::Round() {
  using Standings = std::vector<fleet::PhaseStanding>;
  const WallTime now = clock_.Now();
  const auto standings = pool_.ReadFor<Standings>(
      [&](auto& transaction) -> Result<Standings> { return fleet::ListPhases(transaction, now); });
  Result<void> first;
  if (!standings.has_value()) first = Failure(standings.error());
  for (const auto& standing : standings.value_or(Standings())) {
    Result<void> done = Look(standing);
    if (!done.has_value() && first.has_value()) first = std::move(done);
  }
  if (!first.has_value()) {
    log::Warning("housekeeping failed", {{"part", "phases"}, {"why", first.error()}});
  }
  return first;
}

Result<void> PhaseKeeper::Look(const fleet::PhaseStanding& standing) {
  const WallTime now = clock_.Now();
  const auto at = PhaseStart(standing.phase, now);
  if (!at || standing.Count() == 0) return {};
  if (!standing.NotAccepted().empty()) {
    Warn(standing);
    return {};
  }
  if (standing.CountOf(fleet::CameraState::kAccepted) == 0) return {};
  ASSIGN_OR_RETURN(const int cameras, pool_.RunFor<int>([&](auto& transaction) -> Result<int> {
    const int started = fleet::StartPhase(transaction, standing.phase.id, *at);
    RETURN_IF_ERROR(fleet::CheckStillInTime(clock_.Now(), *at));
    return started;
  }));
  if (cameras == 0) return {};  // entered already, for an instant that is still to come
  log::Info("a phase goes in service", {{"phase", ToString(standing.phase.id)},
                                        {"at", FormatRfc3339(*at)},
                                        {"cameras", static_cast<std::int64_t>(cameras)}});
  return {};
}

void PhaseKeeper::Warn(const fleet::PhaseStanding& standing) {
  const MonoTime now = clock_.Monotonic();
  MonoTime& again = warn_again_[standing.phase.id];
  if (now < again) return;
  again = now + kWarnInterval;
  log::Warning("a phase can't go in service: not all of its cameras are accepted",
               {{"phase", ToString(standing.phase.id)},
                {"not_accepted", static_cast<std::int64_t>(standing.NotAccepted().size())}});
}

}  // namespace yagura::app
