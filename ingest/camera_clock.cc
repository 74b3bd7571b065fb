#include "ingest/camera_clock.h"

namespace yagura::ingest {
namespace {

/// Clocks don't drift this far from one report to the next: somebody set one of them.
constexpr microseconds kStep{500'000};
constexpr std::chrono::minutes kLeastForDrift{1};
constexpr std::chrono::hours kMostForDrift{1};

}  // namespace

void CameraClock::Note(WallTime camera_time, WallTime our_time) {
  const microseconds offset = camera_time - our_time;
  const bool anew = !offset_ || std::chrono::abs(offset - *offset_) >= kStep ||
                    our_time < last_time_ || our_time - first_time_ > kMostForDrift;
  if (anew) {
    first_offset_ = offset;
    first_time_ = our_time;
  }
  offset_ = offset;
  last_time_ = our_time;
}

std::optional<double> CameraClock::drift_ppm() const {
  const microseconds span = last_time_ - first_time_;
  if (!offset_ || span < kLeastForDrift) return std::nullopt;
  return 1e6 * static_cast<double>((*offset_ - first_offset_).count()) /
         static_cast<double>(span.count());
}

}  // namespace yagura::ingest
