#pragma once

#include <cstdint>
#include <span>

namespace yagura {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `bytes`, continuing from the CRC of what came
/// before them (0: nothing). Pure. By the processor's instruction where it has one, about 10 GB/s;
/// else by tables, about 1.5 GB/s.
[[nodiscard]] std::uint32_t Crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

namespace crc32c_internal {
/// The same by tables alone, whatever the processor has; for the test that both agree.
[[nodiscard]] std::uint32_t ByTables(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);
}  // namespace crc32c_internal

}  // namespace yagura
