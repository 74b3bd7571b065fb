#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include "core/time.h"

namespace yagura::ingest {

/// How often one camera is asked in vain: at most kSessionsMax RTSP sessions that came to no
/// footage begin within kWindow, whatever was wrong with them. Only those count that the camera
/// answered: one that starts up, and drops who connects, is to record as soon as it can. Pure; one
/// thread.
class SessionBudget {
 public:
  static constexpr std::size_t kSessionsMax = 6;
  static constexpr std::chrono::seconds kWindow{60};

  void NoteSession(MonoTime now) {
    std::rotate(begun_.begin(), begun_.begin() + 1, begun_.end());
    begun_.back() = now;
    count_ = std::min(count_ + 1, kSessionsMax);
  }
  /// Footage came, or somebody changed the camera's record.
  void Forget() { count_ = 0; }
  /// From when on the next one may begin.
  [[nodiscard]] MonoTime NextAt() const {
    return count_ < kSessionsMax ? MonoTime() : begun_.front() + kWindow;
  }

 private:
  std::array<MonoTime, kSessionsMax> begun_{};  // the newest last
  std::size_t count_ = 0;
};

}  // namespace yagura::ingest
