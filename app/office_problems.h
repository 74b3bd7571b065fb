#pragma once

#include <cstddef>
#include <string>

#include "app/messages.h"
#include "office/problem.h"

namespace yagura::app {

/// Why files can't become the office, a line for each problem, in the order of files and lines:
/// "units.csv:5: parent: …". The first `lines_max`, and how many more there are.
[[nodiscard]] std::string TellProblems(office::Problems problems, const Messages& say,
                                       std::size_t lines_max = 1000);

}  // namespace yagura::app
