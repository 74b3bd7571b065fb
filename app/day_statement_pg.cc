#include <algorithm>
#include <pqxx/pqxx>

#include "app/day_statement.h"
#include "core/pg/values.h"
#include "storage/retention_terms_pg.h"

namespace yagura::app {
namespace {

// Backwards along the key of one writer, who adds a few records a day.
constexpr char kFind[] = R"(
  SELECT counter, at, body, encode(chain, 'hex') FROM audit_record
  WHERE writer = $1 AND event = 'retention_stated' AND body::jsonb ->> 'day' = $2
  ORDER BY counter DESC LIMIT 1)";

}  // namespace

DayStatement CountDayBefore(pqxx::transaction_base& transaction, WallTime now,
                            const OfficeCalendar& calendar) {
  const WallTime midnight = calendar.MidnightBefore(now);
  const WallTime last = midnight - microseconds(1);
  const storage::RetentionTerms terms = storage::ReadTerms(transaction);
  DayStatement statement{.day = calendar.Date(last),
                         .range = {calendar.MidnightBefore(last), midnight},
                         .version = terms.all().back().version,
                         .past = storage::ReadPastTerm(transaction, terms, last, now),
                         .deleted = {}};
  statement.deleted = storage::ReadProven(transaction, statement.range);
  return statement;
}

std::optional<StatementRecord> FindStatement(pqxx::transaction_base& transaction,
                                             const std::string& day) {
  const pqxx::result rows = transaction.exec_params(kFind, std::string(kStatementWriter), day);
  if (rows.empty()) return std::nullopt;
  return StatementRecord{.counter = rows[0][0].as<std::int64_t>(),
                         .at = pg::TimeOf(rows[0][1].c_str()),
                         .body = rows[0][2].c_str(),
                         .chain_hex = rows[0][3].c_str()};
}

}  // namespace yagura::app
