#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"
#include "ingest/rtp_packet.h"

namespace yagura::ingest {

/// Unwraps one session's 32-bit RTP timestamps into 64-bit ticks (1/90000 s) on an axis of the
/// session's own. Pure; one thread.
///
/// The axis follows the camera's timestamps as long as they make sense beside the arrivals. A jump
/// (the camera's clock was set, the encoder restarted, another source took over) is bridged by the
/// time that passed here, so that no frame is lost by it: the axis goes on, only its pairing with
/// the camera's timestamps is new.
class RtpTimeline {
 public:
  struct Position {
    std::int64_t ticks = 0;
    bool jumped = false;
  };

  /// The place of a frame with timestamp `time`, its last packet received at `arrival`.
  /// `reorder_depth`: of the stream; where it is 0 timestamps must rise, else they may go back by
  /// up to two seconds.
  [[nodiscard]] Position Place(RtpTime time, MonoTime arrival, std::uint32_t reorder_depth);

  /// The last frame placed is now paired with our clock anew: from there on it is counted how far
  /// the axis runs away from the arrivals. Between two pairings it may by some seconds, and as much
  /// as a bad clock drifts. Further is a jump: else a camera would date its own footage.
  void Pair();

  /// Where an RTP timestamp near the last frame lies; nothing before the first frame, nor further
  /// from the last one than reports are apart: cameras exist whose reports name made-up timestamps.
  [[nodiscard]] std::optional<std::int64_t> Locate(RtpTime time) const;

 private:
  [[nodiscard]] bool MakesSense(std::int64_t delta, std::int64_t passed,
                                std::uint32_t reorder_depth) const;
  [[nodiscard]] bool RunsAway(std::int64_t ticks, MonoTime arrival) const;

  bool started_ = false;
  RtpTime last_;
  std::int64_t last_ticks_ = 0;
  MonoTime last_arrival_{};
  std::int64_t paired_ticks_ = 0;
  MonoTime paired_arrival_{};
  std::int64_t usual_delta_ = 0;  // between frames, the largest of the recent past
};

}  // namespace yagura::ingest
