#pragma once

#include <cstdint>
#include <string>

namespace yagura::app {

/// "1.4 GiB".
[[nodiscard]] std::string ShownBytes(std::uint64_t bytes);

}  // namespace yagura::app
