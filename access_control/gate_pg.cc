#include <algorithm>
#include <chrono>
#include <pqxx/pqxx>
#include <utility>

#include "access_control/gate.h"
#include "access_control/gate_records_pg.h"
#include "access_control/in_charge.h"
#include "access_control/scope.h"
#include "access_control/sha256_sodium.h"
#include "core/check.h"
#include "core/log.h"

namespace yagura::access_control {
namespace {

constexpr int kAttemptsMax = 3;
/// Half of the 2 s within which an ended right is noticed inside a viewing; the rest is for the
/// look itself. A little less than a second, so that who asks each half second looks at each other
/// time.
constexpr std::chrono::milliseconds kLookAgainAfter{900};
/// Sessions remembered at once; beyond it those not seen lately are forgotten, and looked at again
/// when they come back.
constexpr std::size_t kCheckedMax = 4096;

std::shared_ptr<const Facts> NoFacts() {
  auto facts = Facts::Build({});
  CHECK(facts.has_value());
  return *facts;
}

std::vector<AssignmentFact> PostsOf(const Facts& facts, PersonId person, WallTime now) {
  const auto all = facts.AssignmentsOf(person);
  std::vector<AssignmentFact> posts;
  std::copy_if(all.begin(), all.end(), std::back_inserter(posts),
               [&](const AssignmentFact& one) { return Counts(facts, one, now); });
  return posts;
}

/// Denials say no more than their code: what is hidden and what isn't there must look alike.
Error DenialOf(const Decision& decision) {
  return Error(CodeOf(decision.reason), "denied: " + std::string(ToString(decision.reason)));
}

Decision NotFound() {
  Decision decision;
  decision.reason = Reason::kNotVisible;
  return decision;
}

bool IsInside(const std::optional<Viewing>& viewing, const Principal& principal,
              const Resource& resource) {
  if (!viewing || viewing->session() != principal.session) return false;
  if (const auto* const camera = std::get_if<CameraId>(&resource))
    return *camera == viewing->camera();
  const auto* const footage = std::get_if<Footage>(&resource);
  return footage != nullptr && viewing->Covers(*footage);
}

std::string KeyOf(const std::string& token) {
  const Sha256 hash =
      Sha256Of(std::span(reinterpret_cast<const std::uint8_t*>(token.data()), token.size()));
  return std::string(hash.begin(), hash.end());
}

}  // namespace

Gate::Gate(pg::Pool& pool, FactsSource& facts, const Clock& clock)
    : pool_(pool), facts_(facts), clock_(clock), no_facts_(NoFacts()) {}

Result<void> Gate::Enter(const Caller& caller, const Demand& demand, const Work& work) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Facts> facts, facts_.Current());
  for (int attempt = 1;; ++attempt) {
    std::optional<Error> denied;
    auto done = Try(caller, demand, work, facts, denied);
    if (done.has_value() && denied) return Failure(*std::move(denied));
    if (done.has_value() || done.error().code() != ErrorCode::kAborted) return done;
    if (attempt == kAttemptsMax) return Failure(ErrorCode::kUnavailable, "the facts keep changing");
    ASSIGN_OR_RETURN(facts, facts_.Reload(facts->epoch()));
  }
}

Result<void> Gate::Try(const Caller& caller, const Demand& demand, const Work& work,
                       const std::shared_ptr<const Facts>& facts, std::optional<Error>& denied) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    Permit permit(transaction, facts, clock_.Now());
    const MonoTime looked_at = clock_.Monotonic();
    ASSIGN_OR_RETURN(const Entered entered, EnterRequest(transaction, caller, permit.now_));
    if (entered.epoch != facts->epoch())
      return Failure(ErrorCode::kAborted, "the facts have changed");
    Remember(KeyOf(caller.token), {entered.principal, looked_at});
    permit.principal_ = entered.principal;
    permit.principal_.posts = PostsOf(*facts, entered.principal.person, permit.now_);
    permit.action_ = demand.action;

    auto resource = demand.resource(transaction);
    if (!resource.has_value() && resource.error().code() != ErrorCode::kNotFound)
      return Failure(resource.error());
    if (resource.has_value()) permit.resource_ = *resource;
    permit.decision_ =
        resource.has_value()
            ? Decide(*facts, {entered.principal.person, demand.action, *resource}, permit.now_)
            : NotFound();
    const DemandRecord record{
        caller,           permit.principal_,
        demand.action,    resource.has_value() ? Describe(*resource) : "unknown",
        permit.decision_, entered.epoch};
    if (!permit.decision_.permits()) {
      RecordDenied(transaction, record);
      denied = DenialOf(permit.decision_);
      return {};  // the record is committed
    }

    RETURN_IF_ERROR(work(permit));
    for (const auto& [viewing, purpose] : permit.opened_) {
      RETURN_IF_ERROR(RecordViewing(transaction, record, viewing, purpose));
    }
    if (permit.decision_.Obliges(Obligation::kRecordReading))
      return RecordPermitted(transaction, AuditEvent::kTrailRead, record);
    const bool recorded =
        !permit.opened_.empty() || IsInside(demand.within, permit.principal_, permit.resource_);
    if (!permit.decision_.Obliges(Obligation::kRecordViewing) || recorded) return {};
    return RecordPermitted(transaction, AuditEvent::kFootagePermitted, record);
  });
}

Result<void> Gate::EnterPublic(Action action) const {
  const Decision decision = Decide(*no_facts_, {std::nullopt, action, {}}, clock_.Now());
  if (!decision.permits()) return Failure(DenialOf(decision));
  return {};
}

Result<MonoTime> Gate::Recheck(const Caller& caller, const Viewing& viewing, const Footage& footage,
                               Look look) {
  if (!viewing.Covers(footage))
    return Failure(ErrorCode::kOutOfRange, "footage outside the viewing");
  ASSIGN_OR_RETURN(const StillLive still, StillPermits(caller, viewing, footage, look));
  return still.looked_at;
}

Result<Gate::StillLive> Gate::RecheckLive(const Caller& caller, const Viewing& viewing) {
  return StillPermits(caller, viewing, viewing.camera(), Look::kRecent);
}

Result<Gate::StillLive> Gate::StillPermits(const Caller& caller, const Viewing& viewing,
                                           const Resource& resource, Look look) {
  ASSIGN_OR_RETURN(const Checked checked, LookAgain(caller, look));
  const Principal& principal = checked.principal;
  if (principal.session != viewing.session()) {
    return Failure(ErrorCode::kUnauthenticated, "the viewing is of another session");
  }
  const WallTime now = clock_.Now();
  if (now >= principal.expires_at)
    return Failure(ErrorCode::kUnauthenticated, "the session has ended");
  ASSIGN_OR_RETURN(const std::shared_ptr<const Facts> facts, facts_.Current());
  const Decision decision = Decide(*facts, {principal.person, viewing.action(), resource}, now);
  if (!decision.permits()) return Failure(DenialOf(decision));
  StillLive still{checked.at,
                  std::min(decision.changes_at.value_or(WallTime::max()), principal.expires_at)};
  if (!std::holds_alternative<CameraId>(resource)) return still;
  // What it shows now is another unit's from the next charge on, and so is the viewing of it.
  const auto until = InChargeUntil(*facts, viewing.camera(), viewing.unit(), now);
  if (!until) return Failure(ErrorCode::kNotFound, "another unit is in charge of the camera now");
  still.ends_at = std::min(still.ends_at, *until);
  return still;
}

Result<Gate::Checked> Gate::LookAgain(const Caller& caller, Look look) {
  const std::string key = KeyOf(caller.token);
  const MonoTime now = clock_.Monotonic();
  if (look == Look::kRecent) {
    const std::scoped_lock lock(mutex_);
    const auto found = checked_.find(key);
    if (found != checked_.end() && now - found->second.at < kLookAgainAfter) return found->second;
  }
  ASSIGN_OR_RETURN(const Entered entered,
                   pool_.RunAloneFor<Entered>([&](pqxx::transaction_base& transaction) {
                     return EnterRequest(transaction, caller, clock_.Now());
                   }));
  ASSIGN_OR_RETURN(const std::shared_ptr<const Facts> facts, facts_.Current());
  if (facts->epoch() != entered.epoch) RETURN_IF_ERROR(facts_.Reload(facts->epoch()));
  const Checked checked{entered.principal, now};
  Remember(key, checked);
  return checked;
}

void Gate::Remember(const std::string& token_key, const Checked& checked) {
  const std::scoped_lock lock(mutex_);
  if (checked_.size() >= kCheckedMax) {
    std::erase_if(checked_,
                  [&](const auto& one) { return checked.at - one.second.at >= kLookAgainAfter; });
  }
  if (checked_.size() < kCheckedMax) checked_.insert_or_assign(token_key, checked);
}

Result<void> Gate::RecordDelivered(const Delivery& delivery) {
  return pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    RecordDelivery(transaction, delivery);
    return {};
  });
}

Result<void> Gate::CheckReady() {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Facts> facts, facts_.Current());
  ASSIGN_OR_RETURN(
      const std::int64_t epoch,
      pool_.ReadFor<std::int64_t>([](pqxx::transaction_base& transaction) -> Result<std::int64_t> {
        return ReadEpoch(transaction);
      }));
  if (epoch != facts->epoch()) RETURN_IF_ERROR(facts_.Reload(facts->epoch()));
  return {};
}

}  // namespace yagura::access_control
