#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "access_control/audit.h"
#include "app/verb.h"
#include "core/calendar.h"
#include "core/json.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::app {

/// A verb's way to change or read facts in PostgreSQL, and to speak of them: what both say is in
/// the office's time.
class FactChange {
 public:
  /// As the operator at the console. Errors as VerbContext::LoadConfiguration.
  [[nodiscard]] static Result<FactChange> Begin(VerbContext& context);

  /// When the change is entered.
  [[nodiscard]] WallTime now() const { return now_; }
  /// When it takes effect: --at, or as early as can be. kInvalidArgument: no instant;
  /// kFailedPrecondition: too early.
  [[nodiscard]] Result<WallTime> EffectAt() const;
  /// An instant given by an option, or `standard`. A date is that day's midnight in the office.
  [[nodiscard]] Result<WallTime> Instant(std::string_view option, WallTime standard) const;
  [[nodiscard]] std::string Shown(WallTime time) const;
  [[nodiscard]] const OfficeCalendar& calendar() const { return calendar_; }

  using Change = std::function<Result<Json>(pqxx::transaction_base&)>;
  /// Runs `change` and stores the audit record of what it gives (ids and instants) in one
  /// transaction. Where it takes effect at `at`, it is given up if that has become too late. An
  /// empty object: nothing was changed, so nothing is recorded.
  [[nodiscard]] Result<void> Enter(access_control::AuditEvent event, const Change& change,
                                   std::optional<WallTime> at = std::nullopt) const;
  [[nodiscard]] pg::Pool& pool() const { return *pool_; }
  [[nodiscard]] const Messages& say() const { return context_->say; }

 private:
  FactChange(VerbContext& context, std::unique_ptr<pg::Pool> pool, OfficeCalendar calendar)
      : context_(&context),
        pool_(std::move(pool)),
        calendar_(std::move(calendar)),
        now_(context.clock.Now()) {}

  VerbContext* context_;
  std::unique_ptr<pg::Pool> pool_;
  OfficeCalendar calendar_;
  WallTime now_;
};

/// `result`, but its error of kind `code` told as `refusal` (one that a rule of ours gives, in the
/// person's language).
template <class T>
[[nodiscard]] Result<T> Explain(Result<T> result, ErrorCode code, const Error& refusal) {
  if (!result.has_value() && result.error().code() == code) return Failure(refusal);
  return result;
}

/// Tells `done`, or, where the thing was there and --if-absent was given, `there_already`, as
/// success.
[[nodiscard]] Result<int> TellAdded(VerbContext& context, const Result<void>& added,
                                    const std::string& done, const std::string& there_already);

}  // namespace yagura::app
