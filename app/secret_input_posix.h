#pragma once

#include <iosfwd>
#include <string>

#include "core/result.h"

namespace yagura::app {

inline constexpr std::size_t kSecretSizeMax = 1024;

/// One line of `in` without its line break. Where it is a terminal, `prompt` is shown on standard
/// error and what is typed isn't. kInvalidArgument: nothing there, or longer than kSecretSizeMax.
[[nodiscard]] Result<std::string> ReadSecretLine(std::istream& in, const std::string& prompt);

}  // namespace yagura::app
