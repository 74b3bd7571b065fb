#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/verb.h"
#include "core/calendar.h"
#include "office/compare.h"
#include "office/office.h"
#include "office/problem.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::app {

/// Where an office that files say meets the one that is stored: what verbs about files share. One
/// thread.
class OfficeDesk {
 public:
  /// As the operator at the console. Errors as VerbContext::LoadConfiguration.
  [[nodiscard]] static Result<OfficeDesk> Open(VerbContext& context);

  [[nodiscard]] const OfficeCalendar& calendar() const { return calendar_; }
  [[nodiscard]] Result<office::Office> Stored() const;

  /// What an office is to become, made from what is stored.
  using Wanted = std::function<Result<office::Office>(const office::Office& stored)>;
  /// Shows what would change and who gains or loses what; with --apply does it, in one transaction
  /// that every other change of facts waits for. `next`: what to type to have it done. Refused,
  /// naming every line, where it can't be done.
  [[nodiscard]] Result<int> Import(const Wanted& wanted, const std::string& next) const;

 private:
  OfficeDesk(VerbContext& context, OfficeCalendar calendar, std::unique_ptr<pg::Pool> pool)
      : context_(&context), calendar_(std::move(calendar)), pool_(std::move(pool)) {}

  struct Plan {
    office::Office stored;
    office::Office wanted;
    office::Comparison comparison;
    std::vector<std::string> told;  // what changes, and who gains or loses what, line by line
  };
  [[nodiscard]] Result<void> Compare(const Wanted& wanted, Plan& plan) const;
  [[nodiscard]] Result<void> Preview(const Wanted& wanted, Plan& plan) const;
  [[nodiscard]] Result<void> Apply(const Wanted& wanted, Plan& plan) const;
  [[nodiscard]] Result<void> Describe(pqxx::transaction_base& transaction, Plan& plan) const;
  void TellDone(const Plan& plan, const std::string& next) const;

  VerbContext* context_;
  OfficeCalendar calendar_;
  std::unique_ptr<pg::Pool> pool_;
};

/// A refusal that names every line.
[[nodiscard]] Error Refused(const VerbContext& context, const office::Problems& problems);

}  // namespace yagura::app
