#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace yagura::simulate {

/// RFC 4648, section 4, with padding.
[[nodiscard]] std::string Base64(std::span<const std::uint8_t> bytes);

}  // namespace yagura::simulate
