#include "core/ids.h"

#include <charconv>
#include <random>

namespace yagura {
namespace ids_internal {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kTextLength = 36;

constexpr bool IsDashAt(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

}  // namespace

std::array<std::uint8_t, 16> RandomBytes() {
  std::random_device device;  // getrandom(2) in this library
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    const std::uint32_t word = device();
    for (std::size_t k = 0; k < 4; ++k) bytes[i + k] = static_cast<std::uint8_t>(word >> (8 * k));
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  return bytes;
}

std::string Format(const std::array<std::uint8_t, 16>& bytes) {
  std::string text;
  text.reserve(kTextLength);
  for (const std::uint8_t byte : bytes) {
    if (IsDashAt(text.size())) text += '-';
    text += kHex[byte >> 4];
    text += kHex[byte & 0x0f];
  }
  return text;
}

std::optional<std::array<std::uint8_t, 16>> Parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (IsDashAt(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const std::size_t value = kHex.find(text[i]);
    if (value == std::string_view::npos) return std::nullopt;
    auto& byte = bytes[digits / 2];
    byte = static_cast<std::uint8_t>((byte << 4) | value);
    ++digits;
  }
  return bytes;
}

}  // namespace ids_internal

std::string ToString(const ClipId& id) {
  return ToString(id.run) + "." + std::to_string(id.sequence);
}

std::optional<ClipId> ParseClipId(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto run = ParseId<RunId>(text.substr(0, dot));
  if (!run) return std::nullopt;
  ClipId id{*run, 0};
  const std::string_view digits = text.substr(dot + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), id.sequence);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (ToString(id) != text) return std::nullopt;  // "007" is not how we write 7
  return id;
}

}  // namespace yagura
