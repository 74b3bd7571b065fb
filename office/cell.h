#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/calendar.h"
#include "office/problem.h"
#include "office/sheets.h"

namespace yagura::office {

/// The codes of a cell of kind kCodes.
[[nodiscard]] std::vector<std::string> CodesIn(const std::string& cell);

/// A cell that isn't empty, written in the one way in which an export writes it; or why it can't
/// be. Posts and states may be given by their Japanese names. Pure.
[[nodiscard]] std::variant<std::string, Fault> ReadCell(Kind kind, const std::string& text,
                                                        const OfficeCalendar& calendar);

}  // namespace yagura::office
