#pragma once

#include <string>

#include "app/messages.h"
#include "office/problem.h"

namespace yagura::app {

/// Why files can't become the office, a line for each problem, in the order of files and lines:
/// "units.csv:5: parent: …".
[[nodiscard]] std::string TellProblems(office::Problems problems, const Messages& say);

}  // namespace yagura::app
