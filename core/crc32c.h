#pragma once

#include <cstdint>
#include <span>

namespace yagura {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `bytes`, continuing from the CRC of what came
/// before them (0: nothing). Pure.
[[nodiscard]] std::uint32_t Crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

/// The CRC of two strings, one after the other, from that of each; `second_bytes` is the length of
/// the second. Pure; takes about a microsecond whatever the length.
[[nodiscard]] std::uint32_t JoinCrc32c(std::uint32_t first, std::uint32_t second,
                                       std::uint64_t second_bytes);

}  // namespace yagura
