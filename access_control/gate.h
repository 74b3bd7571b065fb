#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "access_control/decide.h"
#include "access_control/facts_pg.h"
#include "access_control/principal.h"
#include "access_control/viewing.h"
#include "core/pg/pool_pg.h"

namespace yagura::access_control {

/// What a route wants to do, and to what.
struct Demand {
  Action action = Action::kServiceRead;
  /// Says what the action is done to. May read rows (under the person's row-level security) to find
  /// a clip's camera, owner and range from its id; kNotFound where there is no such row, which is
  /// recorded and answered as any id that doesn't exist.
  std::function<Result<Resource>(pqxx::transaction_base&)> resource;
  /// Footage inside an open viewing isn't recorded again.
  std::optional<Viewing> within;
};
/// A demand whose resource is known from the request alone.
[[nodiscard]] Demand DemandFor(Action action, Resource resource = {});

/// That a demand was permitted, for as long as the transaction it was permitted in. Only the gate
/// makes one; whoever reads for a person asks for one. Stays in its thread.
class Permit {
 public:
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

  [[nodiscard]] const Principal& principal() const { return principal_; }
  [[nodiscard]] const Decision& decision() const { return decision_; }
  [[nodiscard]] const Resource& resource() const { return resource_; }
  [[nodiscard]] Action action() const { return action_; }
  [[nodiscard]] const Facts& facts() const { return *facts_; }
  /// The instant that was decided for; also the row-level security's.
  [[nodiscard]] WallTime now() const { return now_; }
  /// Under the person's row-level security. Committed when the work has succeeded.
  [[nodiscard]] pqxx::transaction_base& transaction() const { return transaction_; }

  /// Whether this person may do this action to `footage` too: for each clip of a list, playlist or
  /// file.
  [[nodiscard]] bool Allows(const Footage& footage) const;
  /// The same for each department of a list.
  [[nodiscard]] bool Allows(UnitId department) const;
  /// Opens a viewing of at most kViewingMax, of one unit's footage, stored with this transaction:
  /// bytes may flow once Gate::Enter has returned. kPermissionDenied where the permit isn't about
  /// footage of its camera; kInvalidArgument for an empty or too long interval.
  [[nodiscard]] Result<Viewing> OpenViewing(const Footage& footage, std::string purpose = {});

 private:
  friend class Gate;
  struct OpenedViewing {
    Viewing viewing;
    std::string purpose;
  };
  Permit(pqxx::transaction_base& transaction, std::shared_ptr<const Facts> facts, WallTime now)
      : transaction_(transaction), facts_(std::move(facts)), now_(now) {}

  pqxx::transaction_base& transaction_;
  std::shared_ptr<const Facts> facts_;
  WallTime now_;
  Principal principal_;
  Action action_ = Action::kServiceRead;
  Resource resource_;
  Decision decision_;
  std::vector<OpenedViewing> opened_;
};

/// The one way from a request to data. For each: who are you (the token's session), what do the
/// facts say (Decide), and then, in one transaction: row-level security's context, the facts'
/// epoch, the work, the audit record, commit. Where the facts have changed since they were read,
/// they are read again and decided anew. Thread-safe; calls block on PostgreSQL.
///
/// Recorded: every denial of a signed-in person, every permit on footage (as a viewing, or as
/// such), every reading of what is recorded, and what the work itself records. What can't be
/// recorded doesn't happen.
class Gate {
 public:
  /// All three must outlive it. `pool` connects as yagura_api or yagura_media.
  Gate(pg::Pool& pool, FactsSource& facts, const Clock& clock);

  using Work = std::function<Result<void>(Permit&)>;
  /// Runs `work` where the demand is permitted. kUnauthenticated: no such session, or it has ended;
  /// kNotFound and kPermissionDenied: denied (Decide), and recorded; kUnavailable,
  /// kDeadlineExceeded: PostgreSQL is away, or the facts kept changing: nothing was done; else the
  /// work's own error, and nothing was done. `work` may be run more than once: it must have no
  /// effect but through its transaction and its result.
  [[nodiscard]] Result<void> Enter(const Caller& caller, const Demand& demand, const Work& work);

  /// The same, for a result.
  template <class R>
  [[nodiscard]] Result<R> EnterFor(const Caller& caller, const Demand& demand,
                                   const std::function<Result<R>(Permit&)>& work) {
    Result<R> outcome = Failure(ErrorCode::kInternal, "the work did not run");
    auto done = Enter(caller, demand, [&](Permit& permit) -> Result<void> {
      outcome = work(permit);
      if (!outcome.has_value()) return Failure(outcome.error());
      return {};
    });
    if (!done.has_value()) return Failure(std::move(done).error());
    return outcome;
  }

  /// For actions open to everyone (service.read, session.start); kUnauthenticated for all others.
  /// Needs no PostgreSQL.
  [[nodiscard]] Result<void> EnterPublic(Action action) const;

  /// How old the look at the session and the facts' epoch may be that an answer rests on.
  enum class Look {
    kRecent,  // a second: for bytes that are on their way. A right that ended is noticed within 2 s
    kFresh,   // made for this: for a request, which must see every change acknowledged before it
  };
  /// Whether `footage` may still be handed out inside an open viewing. Gives the instant of the
  /// look. kUnauthenticated, kNotFound, kPermissionDenied:
  /// stop now; kUnavailable, kDeadlineExceeded: PostgreSQL is away: stop too.
  [[nodiscard]] Result<MonoTime> Recheck(const Caller& caller, const Viewing& viewing,
                                         const Footage& footage, Look look = Look::kRecent);
  /// The same for what the viewing's camera shows now, while the viewing's unit is in charge; and
  /// the first instant at which the answer can be another, by the facts of that look.
  struct StillLive {
    MonoTime looked_at;
    WallTime ends_at;
  };
  [[nodiscard]] Result<StillLive> RecheckLive(const Caller& caller, const Viewing& viewing);

  /// Records what was handed out: each minute, and at the viewing's end. Also when the right has
  /// ended meanwhile.
  [[nodiscard]] Result<void> RecordDelivered(const Delivery& delivery);

  /// Whether requests can be served: PostgreSQL answers, and the facts can be read.
  [[nodiscard]] Result<void> CheckReady();

 private:
  struct Checked {  // a session as it was seen last
    Principal principal;
    MonoTime at;
  };
  [[nodiscard]] Result<void> Try(const Caller& caller, const Demand& demand, const Work& work,
                                 const std::shared_ptr<const Facts>& facts,
                                 std::optional<Error>& denied);
  [[nodiscard]] Result<StillLive> StillPermits(const Caller& caller, const Viewing& viewing,
                                               const Resource& resource, Look look);
  [[nodiscard]] Result<Checked> LookAgain(const Caller& caller, Look look);
  void Remember(const std::string& token_key, const Checked& checked);

  pg::Pool& pool_;
  FactsSource& facts_;
  const Clock& clock_;
  const std::shared_ptr<const Facts> no_facts_;
  std::mutex mutex_;
  std::unordered_map<std::string, Checked> checked_;  // by the token's hash; under mutex_
};

}  // namespace yagura::access_control
