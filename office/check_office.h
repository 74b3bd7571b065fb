#pragma once

#include "office/office.h"
#include "office/problem.h"

namespace yagura::office {

/// What rows say against one another: keys given twice, names that nothing has, ranges that
/// overlap or end before they begin, units below themselves, facts outside their unit's time,
/// successors that can't be,
/// cameras without a state, in service without a place or a unit in charge, or after they were
/// retired. Rows that are faulty by themselves, and tables that couldn't be read, raise nothing
/// more. Pure.
[[nodiscard]] Problems CheckOffice(const Office& office);

}  // namespace yagura::office
