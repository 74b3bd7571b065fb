#pragma once

#include <algorithm>
#include <cstddef>

#include "core/time.h"

namespace yagura::ingest {

/// How much one pull worker may have us read: kBytesPerSecond, and kBytesAtOnce after a while of
/// less. Nothing that a camera of ours sends comes near; a worker that was taken over could
/// otherwise have a reader thread do nothing but read from it. Pure; one thread.
class ByteBudget {
 public:
  static constexpr std::size_t kBytesPerSecond = std::size_t{16} << 20;  // 130 Mbit/s
  static constexpr std::size_t kBytesAtOnce = std::size_t{64} << 20;

  /// False: that was too much.
  [[nodiscard]] bool Take(std::size_t bytes, MonoTime now) {
    const auto seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    used_ = std::max(0.0, used_ - seconds * static_cast<double>(kBytesPerSecond)) +
            static_cast<double>(bytes);
    return used_ <= static_cast<double>(kBytesAtOnce);
  }

 private:
  double used_ = 0;
  MonoTime last_{};
};

}  // namespace yagura::ingest
