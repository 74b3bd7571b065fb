#include <isa-l/crc.h>

#include <algorithm>
#include <array>
#include <climits>

#include "core/crc32c.h"

namespace yagura {
namespace {

/// Polynomials over GF(2) modulo that of CRC-32C; the highest bit is x^0.
constexpr std::uint32_t kPolynomial = 0x82f63b78;
constexpr std::uint32_t kOne = 1u << 31;

constexpr std::uint32_t Times(std::uint32_t a, std::uint32_t b) {
  std::uint32_t product = 0;
  for (; a != 0; a <<= 1) {
    product ^= b & (0 - (a >> 31));
    b = (b >> 1) ^ (kPolynomial & (0 - (b & 1)));
  }
  return product;
}

/// x^(8 * 2^i): what 2^i bytes shift a CRC by.
constexpr std::array<std::uint32_t, 64> ShiftsByBytes() {
  std::array<std::uint32_t, 64> shifts{};
  shifts[0] = kOne >> 8;
  for (std::size_t i = 1; i < shifts.size(); ++i) shifts[i] = Times(shifts[i - 1], shifts[i - 1]);
  return shifts;
}
constexpr std::array<std::uint32_t, 64> kShiftsByBytes = ShiftsByBytes();

}  // namespace

std::uint32_t Crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;  // the library leaves the inversions of RFC 3720 to its caller
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min<std::size_t>(bytes.size(), INT_MAX));
    // Not const in the library's signature only: it reads.
    crc =
        ::crc32_iscsi(const_cast<std::uint8_t*>(piece.data()), static_cast<int>(piece.size()), crc);
    bytes = bytes.subspan(piece.size());
  }
  return ~crc;
}

std::uint32_t JoinCrc32c(std::uint32_t first, std::uint32_t second, std::uint64_t second_bytes) {
  for (std::size_t i = 0; i < kShiftsByBytes.size() && second_bytes >> i != 0; ++i) {
    if ((second_bytes >> i & 1) != 0) first = Times(kShiftsByBytes[i], first);
  }
  return first ^ second;
}

}  // namespace yagura
