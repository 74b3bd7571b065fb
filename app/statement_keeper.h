#pragma once

#include <optional>
#include <string>

#include "core/calendar.h"
#include "core/pg/pool_pg.h"
#include "core/time.h"

namespace yagura::app {

/// States once a day, as `yagura keep` does, what of the day before is older than its term and
/// there: an audit record, which the next seal signs. Ten minutes after midnight, so that what
/// became too old at the day's end has been deleted; later where it can't be done then. Not while
/// the catalogue has nothing of an hour shortly before now: the clock may be wrong. One thread.
class StatementKeeper {
 public:
  /// `pool` connects as yagura_keep, with half a minute for a statement. Both must outlive this.
  StatementKeeper(pg::Pool& pool, const Clock& clock, OfficeCalendar calendar)
      : pool_(pool), clock_(clock), calendar_(std::move(calendar)) {}

  /// Looks once; true: a day was stated, and should be signed. The error has been logged; it is
  /// tried again ten minutes later.
  [[nodiscard]] Result<bool> Round();

 private:
  [[nodiscard]] Result<bool> State(WallTime now, const std::string& day);

  pg::Pool& pool_;
  const Clock& clock_;
  const OfficeCalendar calendar_;
  std::string stated_;            // the last day of which that is known
  std::optional<MonoTime> next_;  // not before
};

}  // namespace yagura::app
