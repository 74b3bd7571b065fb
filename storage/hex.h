#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/bytes.h"

namespace yagura::storage {

/// Two lower-case hexadecimal digits a byte.
[[nodiscard]] std::string ToHex(ByteView bytes);
/// Reads exactly what ToHex writes; any other spelling is nothing.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> ParseHex(std::string_view text);

}  // namespace yagura::storage
