#pragma once

#include <string_view>

namespace yagura::app {

/// One text for people. Values stand in it as "{name}"; each language has the same ones.
struct Message {
  std::string_view key;
  std::string_view text;
};

}  // namespace yagura::app
