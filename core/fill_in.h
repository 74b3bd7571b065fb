#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace yagura {

using FillIns = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// `pattern` with each "{name}" replaced by its value, in any order and number, so that
/// translations may turn a sentence round. Names without a value stay as they are; values are not
/// looked into. Pure.
[[nodiscard]] std::string FillIn(std::string_view pattern, FillIns values);

}  // namespace yagura
