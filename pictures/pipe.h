#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/shared_bytes.h"

namespace yagura::pictures {

/// Until when; nothing: as long as it takes.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

/// Fills `to` from a socket. False: the other side closed, or it took too long.
[[nodiscard]] bool ReadWhole(int descriptor, std::span<std::uint8_t> to, Deadline until = {});
/// Writes all parts, in order. False as above.
[[nodiscard]] bool WriteWhole(int descriptor, const std::vector<SharedBytes>& parts,
                              Deadline until = {});

}  // namespace yagura::pictures
