#pragma once

#include <cstdint>

namespace yagura::simulate {

/// Pictures per second as a fraction: 30000/1001, 15/1.
struct FrameRate {
  std::uint32_t frames = 0;
  std::uint32_t seconds = 1;
  friend bool operator==(const FrameRate&, const FrameRate&) = default;
};

}  // namespace yagura::simulate
