#pragma once

#include <cstdint>
#include <span>

namespace yagura::ingest {

// Network byte order; the caller has checked the size.
[[nodiscard]] inline std::uint16_t Read16(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}
[[nodiscard]] inline std::uint32_t Read32(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(Read16(bytes)) << 16 | Read16(bytes.subspan(2));
}
[[nodiscard]] inline std::uint64_t Read64(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint64_t>(Read32(bytes)) << 32 | Read32(bytes.subspan(4));
}

}  // namespace yagura::ingest
