#pragma once

#include <string>
#include <vector>

namespace yagura::app {

/// Rows in columns for a terminal, the first one a heading. Chinese and Japanese characters take
/// two columns. Pure.
[[nodiscard]] std::string TextTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace yagura::app
