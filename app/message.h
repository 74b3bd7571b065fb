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

/// Two parts of a catalogue as one.
template <std::size_t kFirst, std::size_t kSecond>
constexpr std::array<Message, kFirst + kSecond> JoinMessages(const Message (&first)[kFirst],
                                                             const Message (&second)[kSecond]) {
  std::array<Message, kFirst + kSecond> all{};
  std::copy_n(first, kFirst, all.begin());
  std::copy_n(second, kSecond, all.begin() + kFirst);
  return all;
}

}  // namespace yagura::app
