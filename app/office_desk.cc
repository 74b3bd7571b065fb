#include "app/office_desk.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "app/office_preview.h"
#include "app/office_problems.h"
#include "fleet/cameras_pg.h"
#include "fleet/effect.h"
#include "office/store_pg.h"

namespace yagura::app {
namespace {

using office::Comparison;
using office::Office;

std::ptrdiff_t CountAdded(const Comparison& comparison) {
  return std::ranges::count_if(comparison.changes,
                               [](const office::RowChange& change) { return !change.before; });
}

std::string NewPeople(const Comparison& comparison) {
  std::string people;
  for (const office::RowChange& change : comparison.changes) {
    if (change.sheet != office::Sheet::kPeople || change.before) continue;
    people += (people.empty() ? "" : ", ") + change.after.cells.front();
  }
  return people;
}

/// How many of the stored cameras the files know.
std::ptrdiff_t CountKnown(const Office& stored, const Office& wanted) {
  std::set<std::string> codes;
  for (const office::Row& row : wanted[office::Sheet::kCameras].rows)
    codes.insert(row.cells.front());
  return std::ranges::count_if(stored[office::Sheet::kCameras].rows, [&](const office::Row& row) {
    return codes.contains(row.cells.front());
  });
}

constexpr std::ptrdiff_t kKnownPercentMin = 10;  // fewer: these are not the files of this office
constexpr std::size_t kLinesOfAnother = 10;

/// Why the files can't become what is stored. Where they are of another office, every line differs.
Error RefusedFor(const VerbContext& context, const Office& stored, const Office& wanted,
                 const office::Problems& problems) {
  const auto cameras = std::ssize(stored[office::Sheet::kCameras].rows);
  const auto known = CountKnown(stored, wanted);
  if (known * 100 >= cameras * kKnownPercentMin) return Refused(context, problems);
  const Messages& say = context.say;
  return Refusal(ErrorCode::kInvalidArgument,
                 say("office.another", {{"known", std::to_string(known)},
                                        {"stored", std::to_string(cameras)},
                                        {"count", std::to_string(problems.size())}}) +
                     TellProblems(problems, say, kLinesOfAnother),
                 say("office.another.next"));
}

/// Cameras whose stored credentials are of another host than their address is to be, or were for
/// TLS alone.
std::vector<std::string> Forgetting(pqxx::transaction_base& transaction,
                                    const Comparison& comparison) {
  std::vector<fleet::NewAddress> addresses;
  for (const office::RowChange& change : comparison.changes) {
    if (change.sheet != office::Sheet::kCameras || !change.before) continue;
    addresses.push_back(
        {change.after.cells.front(), CellOf(office::Sheet::kCameras, change.after, "url"),
         ParseCameraTransport(CellOf(office::Sheet::kCameras, change.after, "transport"))});
  }
  return fleet::ForgettingCredentials(transaction, addresses);
}

}  // namespace

Error Refused(const VerbContext& context, const office::Problems& problems) {
  const Messages& say = context.say;
  return Refusal(ErrorCode::kInvalidArgument,
                 say("office.refused", {{"count", std::to_string(problems.size())}}) +
                     TellProblems(problems, say),
                 say("office.refused.next"));
}

Result<OfficeDesk> OfficeDesk::Open(VerbContext& context) {
  ASSIGN_OR_RETURN(const Configuration configuration, context.LoadConfiguration());
  ASSIGN_OR_RETURN(OfficeCalendar calendar, OfficeCalendar::Load(configuration.time_zone));
  pg::ConnectOptions options = configuration.DatabaseAs("yagura_admin");
  options.statement_timeout = std::chrono::seconds(10);  // a whole office in one statement
  options.transaction_timeout = std::chrono::seconds(20);
  return OfficeDesk(context, std::move(calendar), std::make_unique<pg::Pool>(options, 1));
}

Result<Office> OfficeDesk::Stored() const {
  return pool_->ReadFor<Office>([&](auto& transaction) -> Result<Office> {
    return office::ReadStored(transaction, calendar_);
  });
}

Result<int> OfficeDesk::Import(const Wanted& wanted, const std::string& next) const {
  Plan plan;
  if (context_->given.Has("apply")) {
    RETURN_IF_ERROR(Apply(wanted, plan));
  } else {
    RETURN_IF_ERROR(Preview(wanted, plan));
  }
  if (plan.comparison.empty()) {
    context_->Tell(context_->say("office.same"));
    return 0;
  }
  for (const std::string& line : plan.told) context_->Tell(line);
  TellDone(plan, next);
  return 0;
}

/// What turns what is stored into what is wanted, where that can be done now.
Result<void> OfficeDesk::Compare(const Wanted& wanted, Plan& plan) const {
  ASSIGN_OR_RETURN(plan.wanted, wanted(plan.stored));
  plan.comparison = office::Compare(plan.stored, plan.wanted);
  const auto problems =
      CheckComparison(plan.comparison, plan.stored, plan.wanted, context_->clock.Now());
  if (!problems.empty()) return Failure(RefusedFor(*context_, plan.stored, plan.wanted, problems));
  return {};
}

Result<void> OfficeDesk::Preview(const Wanted& wanted, Plan& plan) const {
  return pool_->Read([&](pqxx::transaction_base& transaction) -> Result<void> {
    plan.stored = office::ReadStored(transaction, calendar_);
    RETURN_IF_ERROR(Compare(wanted, plan));
    return Describe(transaction, plan);
  });
}

Result<void> OfficeDesk::Apply(const Wanted& wanted, Plan& plan) const {
  const Clock& clock = context_->clock;
  return pool_->Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    office::LockOffice(transaction);
    plan.stored = office::ReadStored(transaction, calendar_);
    const WallTime now = clock.Now();
    RETURN_IF_ERROR(Compare(wanted, plan));
    if (plan.comparison.empty()) return {};
    RETURN_IF_ERROR(Describe(transaction, plan));
    RETURN_IF_ERROR(office::ApplyComparison(transaction, plan.comparison, calendar_, Actor()));
    const auto first = office::FirstEffect(plan.comparison, fleet::EarliestEffect(now));
    return first ? fleet::CheckStillInTime(clock.Now(), *first) : Result<void>();
  });
}

/// Before it is done: nothing can fail any more once it is.
Result<void> OfficeDesk::Describe(pqxx::transaction_base& transaction, Plan& plan) const {
  const Messages& say = context_->say;
  ASSIGN_OR_RETURN(const auto reach,
                   office::CompareReach(plan.stored, plan.wanted, context_->clock.Now()));
  plan.told = TellComparison(plan.comparison, say);
  std::ranges::move(TellForgetting(Forgetting(transaction, plan.comparison), say),
                    std::back_inserter(plan.told));
  std::ranges::move(TellReach(reach, calendar_, say), std::back_inserter(plan.told));
  return {};
}

void OfficeDesk::TellDone(const Plan& plan, const std::string& next) const {
  const Messages& say = context_->say;
  const auto all = static_cast<std::ptrdiff_t>(plan.comparison.changes.size());
  const std::string added = std::to_string(CountAdded(plan.comparison));
  const std::string changed = std::to_string(all - CountAdded(plan.comparison));
  if (!context_->given.Has("apply")) {
    context_->Tell(say("office.preview", {{"added", added}, {"changed", changed}}));
    context_->Tell(say("office.preview.next", {{"command", next}}));
    return;
  }
  context_->Tell(say("office.applied", {{"added", added}, {"changed", changed}}));
  const std::string people = NewPeople(plan.comparison);
  if (!people.empty()) context_->Tell(say("office.new_people", {{"people", people}}));
}

}  // namespace yagura::app
