#include "storage/crc32c.h"

#include <array>
#include <cstring>

namespace yagura::storage {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // 0x1edc6f41, bits reversed

constexpr std::array<std::uint32_t, 256> MakeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = crc;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kTable = MakeTable();

std::uint32_t ByTable(ByteView bytes, std::uint32_t crc) {
  for (const std::uint8_t byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ byte) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t ByInstruction(ByteView bytes, std::uint32_t crc) {
  std::uint64_t wide = crc;
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    wide = __builtin_ia32_crc32di(wide, word);
    bytes = bytes.subspan(8);
  }
  return ByTable(bytes, static_cast<std::uint32_t>(wide));
}

bool HasInstruction() { return __builtin_cpu_supports("sse4.2") != 0; }
#else
std::uint32_t ByInstruction(ByteView bytes, std::uint32_t crc) { return ByTable(bytes, crc); }
bool HasInstruction() { return false; }
#endif

}  // namespace

std::uint32_t Crc32c(ByteView bytes, std::uint32_t crc) {
  static const bool has_instruction = HasInstruction();
  return ~(has_instruction ? ByInstruction(bytes, ~crc) : ByTable(bytes, ~crc));
}

}  // namespace yagura::storage
