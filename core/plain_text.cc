#include "core/plain_text.h"

#include <cstddef>
#include <cstdint>

namespace yagura {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct Sequence {
  std::size_t length;
  std::uint32_t least;  // smallest code point that needs this length
  std::uint32_t bits;   // of the first byte
};

/// Of length 0 where no character begins so.
Sequence StartOfSequence(unsigned char first) {
  if (first < 0x80) return {1, 0, first};
  if ((first & 0xe0) == 0xc0) return {2, 0x80, first & 0x1fu};
  if ((first & 0xf0) == 0xe0) return {3, 0x800, first & 0x0fu};
  if ((first & 0xf8) == 0xf0) return {4, 0x10000, first & 0x07u};
  return {0, 0, 0};
}

constexpr bool IsIn(std::uint32_t point, std::uint32_t first, std::uint32_t last) {
  return first <= point && point <= last;
}

bool IsShown(std::uint32_t point) {
  if (point < 0x20 || IsIn(point, 0x7f, 0x9f)) return false;
  const bool turns = point == 0x61c || IsIn(point, 0x200e, 0x200f) || IsIn(point, 0x2028, 0x202e) ||
                     IsIn(point, 0x2066, 0x2069);
  return !turns;
}

struct Character {
  std::size_t bytes = 1;
  bool plain = false;
};

/// The first one of `text`, which isn't empty; one byte where that is no UTF-8.
Character FirstOf(std::string_view text) {
  const Sequence sequence = StartOfSequence(static_cast<unsigned char>(text.front()));
  if (sequence.length == 0 || text.size() < sequence.length) return {};
  std::uint32_t point = sequence.bits;
  for (std::size_t i = 1; i < sequence.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return {};
    point = point << 6 | (byte & 0x3fu);
  }
  if (point < sequence.least || point > 0x10ffff || IsIn(point, 0xd800, 0xdfff)) return {};
  return {sequence.length, IsShown(point)};
}

}  // namespace

bool IsPlainText(std::string_view text) {
  while (!text.empty()) {
    const Character first = FirstOf(text);
    if (!first.plain) return false;
    text.remove_prefix(first.bytes);
  }
  return true;
}

std::string ShownPlainly(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Character first = FirstOf(text);
    shown += first.plain ? text.substr(0, first.bytes) : kReplacement;
    text.remove_prefix(first.bytes);
  }
  return shown;
}

}  // namespace yagura
