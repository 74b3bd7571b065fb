#pragma once

#include <optional>

#include "core/time.h"

namespace yagura::ingest {

/// What the camera's own clock showed beside ours, from its RTCP sender reports. Kept beside the
/// footage, never used to date it. Pure.
class CameraClock {
 public:
  /// The camera says `camera_time` for a frame that is at `our_time` here.
  void Note(WallTime camera_time, WallTime our_time);

  /// Camera minus ours, by the latest report.
  [[nodiscard]] std::optional<microseconds> offset() const { return offset_; }
  /// How fast the camera's clock runs away from ours; nothing before a minute of reports. Measured
  /// anew when the camera's clock is set.
  [[nodiscard]] std::optional<double> drift_ppm() const;

 private:
  std::optional<microseconds> offset_;
  microseconds first_offset_{};
  WallTime first_time_{};
  WallTime last_time_{};
};

}  // namespace yagura::ingest
