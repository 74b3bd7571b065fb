#pragma once

#include <cstdint>
#include <span>

namespace yagura {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `bytes`, continuing from the CRC of what came
/// before them (0: nothing). Pure.
[[nodiscard]] std::uint32_t Crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

}  // namespace yagura
