#pragma once

#include <string>
#include <vector>

#include "app/messages.h"
#include "core/calendar.h"
#include "office/compare.h"
#include "office/reach.h"

namespace yagura::app {

/// What an import changes, a line for each row: "+ charges.csv: 1F-03, TAX, …".
[[nodiscard]] std::vector<std::string> TellComparison(const office::Comparison& comparison,
                                                      const Messages& say);
/// Of which cameras an import forgets the credentials, a line for each.
[[nodiscard]] std::vector<std::string> TellForgetting(const std::vector<std::string>& cameras,
                                                      const Messages& say);
/// Who gains or loses which cameras, a line for each.
[[nodiscard]] std::vector<std::string> TellReach(const std::vector<office::ReachChange>& changes,
                                                 const OfficeCalendar& calendar,
                                                 const Messages& say);

}  // namespace yagura::app
