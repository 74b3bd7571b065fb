#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/access_unit.h"
#include "ingest/camera_clock.h"
#include "ingest/decoding_times.h"
#include "ingest/delivery.h"
#include "ingest/depacketizer.h"
#include "ingest/failure.h"
#include "ingest/instant.h"
#include "ingest/parameter_sets.h"
#include "ingest/rtp_packet.h"
#include "ingest/rtp_timeline.h"
#include "ingest/run_budget.h"
#include "ingest/sdp.h"
#include "ingest/wall_clock.h"

namespace yagura::ingest {

/// The recorded track of one RTSP session: RTP packets in, access units with their times out to the
/// Delivery. One thread; nothing is allocated or looked up per packet.
///
/// A timeline begins with a keyframe, whose leading pictures (earlier in time, later in decoding)
/// are then left out: they need what came before (H.265's RASL pictures, which no decoder that
/// starts there shows), or lie before the instant from which on footage is whole (RADL). In
/// mid-stream they are kept. A picture with missing packets is dropped with all that follow up to
/// the next keyframe. Media time of a timeline starts at 10 s.
class VideoTrack {
 public:
  struct Counters {
    std::uint64_t packets = 0;  // with media in them
    std::uint64_t media_bytes = 0;
    std::uint64_t pictures = 0;  // ended, damaged ones too
    std::uint64_t malformed_packets = 0;
    std::uint64_t frames = 0;  // delivered
    std::uint64_t frame_bytes = 0;
    std::uint64_t damaged_frames = 0;
    std::uint64_t timestamp_jumps = 0;
  };

  VideoTrack(const RecordedTrack& track, Delivery& delivery);

  /// One packet from the track's RTP channel, received by `arrival`.
  void OnRtp(std::span<const std::uint8_t> bytes, const Instant& arrival);
  /// One compound packet from its RTCP channel.
  void OnRtcp(std::span<const std::uint8_t> bytes);

  /// Set when the session can't go on.
  [[nodiscard]] const std::optional<SessionFailure>& failure() const { return failure_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] std::uint64_t lost_packets() const { return sequence_.lost(); }
  [[nodiscard]] const CameraClock& camera_clock() const { return camera_clock_; }

 private:
  void FinishPicture(const Instant& arrival);
  void OnDamaged();
  [[nodiscard]] bool MayStart(const CodedPicture& picture);
  void StartTimeline(const CodedPicture& picture, std::int64_t ticks);
  void RollTimeline(const CodedPicture& picture, std::int64_t ticks);
  [[nodiscard]] bool MayCostARun(const Instant& arrival);
  void Deliver(CodedPicture picture, std::int64_t ticks);
  void Hold(AccessUnit unit, std::int64_t ticks, microseconds interval);
  void Pass(AccessUnit unit, microseconds interval);
  void Fail(GapReason reason, Error error);

  Delivery& delivery_;
  std::uint8_t payload_type_;
  RtpSequence sequence_;
  std::unique_ptr<Depacketizer> depacketizer_;
  ParameterSets parameter_sets_;
  RtpTimeline timeline_;
  WallClock wall_clock_;
  CameraClock camera_clock_;
  DecodingTimes decoding_times_;
  Counters counters_;
  std::optional<SessionFailure> failure_;

  RunBudget run_budget_;
  bool starts_run_ = false;  // the picture at hand
  bool first_picture_ = true;
  bool running_ = false;  // a timeline has begun and is whole so far
  bool drop_leading_ = false;
  std::shared_ptr<const StreamFormat> format_;
  std::uint32_t timeline_number_ = 0;
  std::int64_t base_ticks_ = 0;  // of the timeline's first frame on the session's axis
  std::int64_t interval_90k_ = 0;
  MediaTime last_dts_;

  // The first frames of a session's timeline wait here until their time can be told (Hold).
  struct HeldUnit {
    AccessUnit unit;
    std::int64_t ticks = 0;
    microseconds interval{};
  };
  std::vector<HeldUnit> held_;
  std::size_t to_hold_ = 0;
};

}  // namespace yagura::ingest
