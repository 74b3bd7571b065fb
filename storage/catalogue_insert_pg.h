#pragma once

#include <span>
#include <string>

#include "core/calendar.h"
#include "storage/journal_records.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::storage {

/// The office's days, for the partitions of clips: its calendar, and the name of its zone as
/// PostgreSQL knows it.
struct OfficeDays {
  OfficeCalendar calendar;
  std::string zone;
};

/// Stores what `records` say, in a few statements whatever their number, and makes the partitions
/// they need. What is stored already stays as it is: each record may come again at any time. A clip
/// whose deletion is proved does not come back. Records that concern files only (a clip opened or
/// voided, the recorder's sign of life) leave no row.
///
/// Throws libpqxx's exceptions, for the pool that runs the transaction. Role: yagura_record.
void InsertRecords(pqxx::transaction_base& transaction, std::span<const JournalRecord> records,
                   const OfficeDays& days);

}  // namespace yagura::storage
