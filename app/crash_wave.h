#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace yagura::app {

/// Whether pull workers crash because of what their cameras send. What one camera sends crashes
/// one worker; where those of kCamerasMin different cameras crash within kWithin, it is what all
/// workers have in common: a library that was updated, the machine. Of an office with fewer pulled
/// cameras nobody can tell. Pure; one thread.
class CrashWave {
 public:
  static constexpr std::size_t kCamerasMin = 3;
  static constexpr std::chrono::seconds kWithin{60};

  /// The camera's worker crashed.
  void Note(CameraId camera, MonoTime now) {
    crashed_[camera] = now;
    Forget(now);
  }
  /// Whose workers crashed lately, where they are too many for it to be theirs; else nobody.
  [[nodiscard]] std::vector<CameraId> Cameras(MonoTime now) {
    Forget(now);
    std::vector<CameraId> cameras;
    if (crashed_.size() < kCamerasMin) return cameras;
    for (const auto& [camera, at] : crashed_) cameras.push_back(camera);
    return cameras;
  }

 private:
  void Forget(MonoTime now) {
    std::erase_if(crashed_, [now](const auto& one) { return now - one.second > kWithin; });
  }

  std::map<CameraId, MonoTime> crashed_;  // and when last
};

}  // namespace yagura::app
