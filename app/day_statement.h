#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/calendar.h"
#include "core/json.h"
#include "storage/kept_footage_pg.h"

namespace yagura::app {

/// What is said of a day for good: what was older than its term when the day ended and is there
/// when it is counted, and what was deleted in the day. The body of an audit record;
/// docs/design/retention.md.
struct DayStatement {
  std::string day;           // the office's, "2027-06-15"
  WallRange range;           // from its midnight to the next
  std::int64_t version = 0;  // of the last term entered by then
  storage::PastTerm past;
  storage::ProvenDeletions deleted;
  /// Nothing older than its term was there but what is held.
  [[nodiscard]] bool clean() const { return past.left.clips == 0 && past.leaving.clips == 0; }
};

[[nodiscard]] Json ToBody(const DayStatement& statement);
/// kDataLoss: the body of no statement.
[[nodiscard]] Result<DayStatement> ParseBody(const std::string& body);

/// Counts for the day before `now`'s; `now` may be any time after its midnight. Role: yagura_keep.
/// Throws libpqxx's exceptions.
[[nodiscard]] DayStatement CountDayBefore(pqxx::transaction_base& transaction, WallTime now,
                                          const OfficeCalendar& calendar);

/// The audit record of a statement, as it stands in its writer's chain.
struct StatementRecord {
  std::int64_t counter = 0;
  WallTime at{};
  std::string body;
  std::string chain_hex;
};
/// In whose chain they are: that of `yagura keep`.
inline constexpr char kStatementWriter[] = "yagura_keep";
/// The last one of `day`. Throws libpqxx's exceptions.
[[nodiscard]] std::optional<StatementRecord> FindStatement(pqxx::transaction_base& transaction,
                                                           const std::string& day);

}  // namespace yagura::app
