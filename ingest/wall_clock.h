#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/time.h"
#include "ingest/instant.h"

namespace yagura::ingest {

/// Our UTC of each frame of one RTSP session. Our clock decides, since a camera can't date its own
/// footage; but a frame's arrival is its time plus a delay, so the pairing of the session's axis
/// (RtpTimeline, 1/90000 s) with our clock follows the least-delayed arrivals of the last minute,
/// and moves by at most 500 ppm of the media's own time. Pure; one thread.
///
/// A pairing that is wrong by half a second or more (our clock was set, the first frames came late,
/// a camera's clock errs beyond what slewing can follow) isn't slewed: off() says so, and
/// Correct(), called where a new timeline begins, takes the right one.
class WallClock {
 public:
  static constexpr std::int64_t kMaxSlewPpm = 500;
  static constexpr microseconds kMaxError{500'000};

  /// Takes note of a frame at `ticks` that was complete at `arrival`, and returns its time.
  WallTime Observe(std::int64_t ticks, const Instant& arrival);
  /// The time of any place on the axis; before the first Observe() it is undefined.
  [[nodiscard]] WallTime At(std::int64_t ticks) const;

  [[nodiscard]] bool off() const;
  /// Takes at once what arrivals say; where a timeline begins nothing speaks for moving slowly.
  void Correct() { offset_ns_ = target_ns_; }

 private:
  void NoteDelay(std::int64_t delay_ns, MonoTime arrival);
  void Slew(std::int64_t ticks);

  static constexpr std::size_t kWindowSeconds = 60;

  bool started_ = false;
  std::int64_t offset_ns_ = 0;  // wall time = media time + offset
  std::int64_t target_ns_ = 0;
  std::int64_t furthest_ticks_ = 0;
  // The least (monotonic arrival - media time) of each of the last seconds.
  std::array<std::int64_t, kWindowSeconds> least_by_second_{};
  std::int64_t second_ = 0;
  std::int64_t least_ns_ = 0;
};

}  // namespace yagura::ingest
