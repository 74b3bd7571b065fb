#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace yagura {

/// The word that `given` is probably a misspelling of: at most a third of the letters wrong,
/// missing, added or swapped with their neighbour. For error messages that end with "did you mean".
/// Pure.
[[nodiscard]] std::optional<std::string> ClosestWord(std::string_view given,
                                                     std::span<const std::string> words);

}  // namespace yagura
