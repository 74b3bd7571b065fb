#include "core/crc32c.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace yagura {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // reflected
constexpr std::size_t kSlices = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, kSlices>;

/// Table k holds the CRC of each byte followed by k zero bytes, so that eight bytes are taken at
/// once ("slicing by 8").
constexpr Tables MakeTables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < kSlices; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[k - 1][byte];
      tables[k][byte] = (crc >> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();
static_assert(std::endian::native == std::endian::little, "words are read as they lie");

std::uint32_t Step(std::uint64_t eight_bytes, std::uint32_t crc) {
  const std::uint64_t word = eight_bytes ^ crc;
  std::uint32_t next = 0;
  for (std::size_t k = 0; k < kSlices; ++k) {
    next ^= kTables[kSlices - 1 - k][(word >> (8 * k)) & 0xff];
  }
  return next;
}

std::uint64_t Word(std::span<const std::uint8_t> bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}

/// The rest of a run of bytes, fewer than a word.
std::uint32_t ByBytes(std::span<const std::uint8_t> bytes, std::uint32_t crc) {
  for (const std::uint8_t byte : bytes) crc = (crc >> 8) ^ kTables[0][(crc ^ byte) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t ByInstruction(std::span<const std::uint8_t> bytes,
                                                              std::uint32_t before) {
  std::uint64_t crc = ~before;
  for (; bytes.size() >= sizeof(std::uint64_t); bytes = bytes.subspan(sizeof(std::uint64_t))) {
    crc = __builtin_ia32_crc32di(crc, Word(bytes));
  }
  return ~ByBytes(bytes, static_cast<std::uint32_t>(crc));
}

bool HasInstruction() { return __builtin_cpu_supports("sse4.2") != 0; }
#else
std::uint32_t ByInstruction(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  return crc32c_internal::ByTables(bytes, before);
}
bool HasInstruction() { return false; }
#endif

}  // namespace

std::uint32_t crc32c_internal::ByTables(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  for (; bytes.size() >= sizeof(std::uint64_t); bytes = bytes.subspan(sizeof(std::uint64_t))) {
    crc = Step(Word(bytes), crc);
  }
  return ~ByBytes(bytes, crc);
}

std::uint32_t Crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  static const bool has_instruction = HasInstruction();
  return has_instruction ? ByInstruction(bytes, before) : crc32c_internal::ByTables(bytes, before);
}

}  // namespace yagura
