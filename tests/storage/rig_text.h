#pragma once

#include <string>

#include "core/time.h"
#include "tests/storage/fake_stream.h"

namespace yagura::testing {

/// "12.5": seconds since the morning on which a rig's life begins.
inline std::string Text(WallTime time) {
  const auto millis = std::chrono::round<std::chrono::milliseconds>(time - kMorning).count();
  const std::string tenths = std::to_string(millis / 100 % 10);
  return std::to_string(millis / 1000) + "." + tenths;
}

inline std::string Text(const WallRange& range) { return Text(range.from) + "-" + Text(range.to); }

}  // namespace yagura::testing
