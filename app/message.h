#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace yagura::app {

/// One text for people. Values stand in it as "{name}"; each language has the same ones.
struct Message {
  std::string_view key;
  std::string_view text;
};

/// The parts of a catalogue as one.
template <std::size_t... kSizes>
constexpr std::array<Message, (kSizes + ...)> JoinMessages(const Message (&... parts)[kSizes]) {
  std::array<Message, (kSizes + ...)> all{};
  auto* at = all.begin();
  ((at = std::copy_n(parts, kSizes, at)), ...);
  return all;
}

}  // namespace yagura::app
