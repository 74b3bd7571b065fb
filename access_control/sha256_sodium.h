#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace yagura::access_control {

using Sha256 = std::array<std::uint8_t, 32>;

/// FIPS 180-4.
[[nodiscard]] Sha256 Sha256Of(std::span<const std::uint8_t> bytes);

}  // namespace yagura::access_control
