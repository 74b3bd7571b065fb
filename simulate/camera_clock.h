#pragma once

#include <cstdint>

#include "core/time.h"
#include "simulate/frame_rate.h"

namespace yagura::simulate {

/// When a camera produces its frames, by its own clock, which may run fast or slow against ours.
/// Frame n is sent at the camera's instant n / rate; the origin lies before the camera's start by
/// its phase. Pure, immutable.
class CameraClock {
 public:
  /// `drift_ppm`: how much faster than ours the camera's clock runs: at +200 it shows 1.0002 s
  /// after one of our seconds, and its frames come that much sooner.
  CameraClock(MonoTime origin, FrameRate rate, double drift_ppm)
      : origin_(origin), rate_(rate), speed_(1 + drift_ppm * 1e-6) {}

  /// Our instant at which frame `number` is sent.
  [[nodiscard]] MonoTime DueTime(std::uint64_t number) const;
  /// The first frame that is due at `now` or later.
  [[nodiscard]] std::uint64_t FirstDue(MonoTime now) const;
  /// The RTP clock (90 kHz, unwrapped, 0 at the origin) at `frames` frame intervals after the
  /// origin.
  [[nodiscard]] std::int64_t TicksAt(std::int64_t frames) const;
  /// The same clock at one of our instants.
  [[nodiscard]] std::int64_t TicksAt(MonoTime now) const;
  /// The length of `frames` intervals by our clock.
  [[nodiscard]] microseconds LengthOf(std::int64_t frames) const;
  [[nodiscard]] FrameRate rate() const { return rate_; }

 private:
  MonoTime origin_;
  FrameRate rate_;
  double speed_;
};

}  // namespace yagura::simulate
