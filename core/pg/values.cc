#include "core/pg/values.h"

namespace yagura::pg {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::uint8_t Nibble(char digit) {
  const std::size_t value = kHexDigits.find(digit);
  if (value == std::string_view::npos) throw std::domain_error("not a hexadecimal digit");
  return static_cast<std::uint8_t>(value);
}

}  // namespace

std::string TimeParameter(WallTime time) {
  if (time == WallTime::max()) return "infinity";
  if (time == WallTime::min()) return "-infinity";
  return FormatRfc3339(time);
}

WallTime TimeOf(std::string_view text) {
  if (text == "infinity") return WallTime::max();
  if (text == "-infinity") return WallTime::min();
  std::string rfc3339(text);
  if (rfc3339.size() < 12 || !rfc3339.ends_with("+00")) {
    throw std::domain_error("not a time in UTC");
  }
  rfc3339.replace(10, 1, "T");
  rfc3339.replace(rfc3339.size() - 3, 3, "Z");
  const auto time = ParseRfc3339(rfc3339);
  if (!time) throw std::domain_error(time.error().message());
  return *time;
}

std::string BytesParameter(std::span<const std::uint8_t> bytes) {
  std::string text = "\\x";
  text.reserve(2 + 2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += kHexDigits[byte >> 4U];
    text += kHexDigits[byte & 0xFU];
  }
  return text;
}

std::vector<std::uint8_t> BytesOf(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) throw std::domain_error("not a bytea");
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(Nibble(text[i]) << 4U | Nibble(text[i + 1])));
  }
  return bytes;
}

void ArrayParameter::Separate() {
  if (!items_.empty()) items_ += ',';
}

void ArrayParameter::Add(std::string_view item) {
  Separate();
  items_ += '"';
  for (const char c : item) {
    if (c == '"' || c == '\\') items_ += '\\';
    items_ += c;
  }
  items_ += '"';
}

void ArrayParameter::AddNull() {
  Separate();
  items_ += "NULL";
}

void ArrayParameter::AddOrNull(const std::optional<std::string>& item) {
  if (item) {
    Add(std::string_view(*item));
  } else {
    AddNull();
  }
}

}  // namespace yagura::pg
