#pragma once

#include <string>

#include "core/calendar.h"
#include "core/result.h"
#include "office/compare.h"
#include "office/office.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// The office in PostgreSQL (role yagura_admin). Functions join the caller's transaction; errors of
/// PostgreSQL end in pg::Pool.
namespace yagura::office {

/// The whole office as it is stored, in the order of an export. In one state of the database: use
/// pg::Pool::Read, or the transaction that holds LockOffice.
[[nodiscard]] Office ReadStored(pqxx::transaction_base& transaction,
                                const OfficeCalendar& calendar);

/// Makes every other change of facts wait for this transaction, so that what was compared is what
/// is changed.
void LockOffice(pqxx::transaction_base& transaction);

/// Carries out a comparison that CheckComparison found nothing wrong with, with an audit record of
/// each change by `user` (the system user at the console) and one of the import. People that are
/// added have no password yet. kInternal, and nothing done: the database holds something else than
/// what was compared.
[[nodiscard]] Result<void> ApplyComparison(pqxx::transaction_base& transaction,
                                           const Comparison& comparison,
                                           const OfficeCalendar& calendar, const std::string& user);

}  // namespace yagura::office
