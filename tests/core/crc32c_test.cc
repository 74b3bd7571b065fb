#include "core/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace yagura {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::span<const std::uint8_t> View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Crc32c, OfTheCheckTextIsThePublishedValue) {
  EXPECT_EQ(Crc32c(View("123456789")), 0xe3069283U);
}

TEST(Crc32c, OfPartsIsThatOfTheWhole) {
  const Bytes bytes(1000, 0xa5);
  const std::span<const std::uint8_t> all(bytes);
  EXPECT_EQ(Crc32c(all.subspan(333), Crc32c(all.first(333))), Crc32c(all));
}

TEST(Crc32c, OfTwoStringsJoinedIsThatOfTheWhole) {
  Bytes bytes(70'000);
  std::mt19937 random(2);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  const std::span<const std::uint8_t> all(bytes);
  for (const std::size_t cut : {0UL, 1UL, 5UL, 4'095UL, 4'096UL, 69'999UL, 70'000UL}) {
    const auto second = all.subspan(cut);
    EXPECT_EQ(JoinCrc32c(Crc32c(all.first(cut)), Crc32c(second), second.size()), Crc32c(all))
        << cut;
  }
}

/// As the polynomial says, bit by bit.
std::uint32_t BitByBit(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

TEST(Crc32c, OfAnyLengthAtAnyAddressIsWhatThePolynomialSays) {
  std::mt19937 random(1);
  Bytes bytes(300);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  const std::span<const std::uint8_t> all(bytes);
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t size = 0; size + from <= all.size(); ++size) {
      const auto part = all.subspan(from, size);
      ASSERT_EQ(Crc32c(part, 7), BitByBit(part, 7)) << from << " " << size;
    }
  }
}

}  // namespace
}  // namespace yagura
