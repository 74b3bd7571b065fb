#include "ingest/video_track.h"

#include <algorithm>
#include <utility>

#include "ingest/rtcp.h"

namespace yagura::ingest {
namespace {

constexpr MediaTime kTimelineStart{10 * kMediaTimescale};
constexpr std::int64_t kMinInterval90k = kMediaTimescale / 120;
/// Sixteen of these before the first presentation time still don't reach below zero.
constexpr std::int64_t kMaxInterval90k = kMediaTimescale / 2;
constexpr std::int64_t kUsualInterval90k = kMediaTimescale / 25;
constexpr std::int64_t kLongestFrame90k = 5 * kMediaTimescale;
/// An encoder that reorders sends the keyframe late, by as much as it waited for the frame after
/// the B-frames; that frame comes next and is the least delayed.
constexpr std::size_t kHeldWhenReordered = 3;

std::int64_t UsualInterval(const SequenceInfo& sequence) {
  if (sequence.frame_interval_90k == 0) return kUsualInterval90k;
  return std::clamp<std::int64_t>(sequence.frame_interval_90k, kMinInterval90k, kMaxInterval90k);
}

}  // namespace

VideoTrack::VideoTrack(const RecordedTrack& track, Delivery& delivery)
    : delivery_(delivery),
      payload_type_(track.payload_type),
      depacketizer_(VideoCodecOf(track.codec).make_depacketizer()),
      parameter_sets_(track.codec) {
  parameter_sets_.NoteSdp(track.parameter_sets);
}

void VideoTrack::OnRtp(std::span<const std::uint8_t> bytes, const Instant& arrival) {
  RtpPacket packet;
  if (!ParseRtp(bytes, packet)) {
    ++counters_.malformed_packets;  // the next sequence number will show what is missing
    return;
  }
  if (packet.payload_type != payload_type_) return;
  const RtpSequence::Step step = sequence_.Follow(packet);
  if (step == RtpSequence::Step::kDuplicate) return;
  const bool loss = step == RtpSequence::Step::kLoss;
  if (loss) depacketizer_->MarkDamaged();
  if (depacketizer_->EndsBefore(packet)) {
    FinishPicture(arrival);
    if (loss) depacketizer_->MarkDamaged();  // what was lost may be the front of this one
  }
  const Depacketizer::Fault fault = depacketizer_->Add(packet);
  if (fault != Depacketizer::Fault::kNone) {
    const bool unsupported = IsOfWhatWeDontRecord(fault);
    return Fail(unsupported ? GapReason::kUnsupportedStream : GapReason::kProtocolError,
                Error(unsupported ? ErrorCode::kUnimplemented : ErrorCode::kResourceExhausted,
                      std::string(ToString(fault)) + " (at RTP sequence number " +
                          std::to_string(packet.sequence) + ")"));
  }
  if (!depacketizer_->ignored()) {
    ++counters_.packets;
    counters_.media_bytes += packet.payload.size();
  }
  if (depacketizer_->complete()) FinishPicture(arrival);
}

void VideoTrack::OnRtcp(std::span<const std::uint8_t> bytes) {
  const RtcpContent content = ParseRtcp(bytes, sequence_.source());
  if (content.report) {
    const auto ticks = timeline_.Locate(content.report->rtp);
    if (ticks) camera_clock_.Note(content.report->camera_time, wall_clock_.At(*ticks));
  }
  if (content.bye && sequence_.source()) {  // before the first packet it is somebody else's
    Fail(GapReason::kCameraRefused,
         Error(ErrorCode::kUnavailable, "the camera ended the stream with an RTCP BYE"));
  }
}

void VideoTrack::FinishPicture(const Instant& arrival) {
  CodedPicture picture = depacketizer_->Take();
  ++counters_.pictures;
  const bool joined_inside = std::exchange(first_picture_, false) && !picture.starts_clean;
  if (picture.damaged || joined_inside) return OnDamaged();
  if (picture.follows_loss && running_) OnDamaged();
  const RtpTimeline::Position place =
      timeline_.Place(picture.time, arrival.mono, parameter_sets_.sequence().reorder_depth);
  if (place.jumped) ++counters_.timestamp_jumps;
  const WallTime wall = wall_clock_.Observe(place.ticks, arrival);
  if (auto noted = parameter_sets_.Note(picture.parameter_sets); !noted.has_value()) {
    return Fail(GapReason::kUnsupportedStream, std::move(noted).error());
  }
  if (!running_) {
    if (!MayStart(picture)) return delivery_.Interrupt(GapReason::kWaitingForKeyframe, wall);
    wall_clock_.Correct();
    StartTimeline(picture, place.ticks);
    to_hold_ = parameter_sets_.sequence().reorder_depth > 0 ? kHeldWhenReordered : 0;
  } else if (picture.keyframe) {
    RollTimeline(picture, place.ticks);
  }
  if (std::exchange(starts_run_, false) && !MayCostARun(arrival)) return;
  Deliver(std::move(picture), place.ticks);
}

void VideoTrack::OnDamaged() {
  ++counters_.damaged_frames;
  running_ = false;
  held_.clear();  // the interruption before them goes on
  if (delivery_.flowing()) delivery_.Interrupt(GapReason::kFramesDamaged, {});
}

bool VideoTrack::MayStart(const CodedPicture& picture) {
  return picture.keyframe && parameter_sets_.format() != nullptr;
}

void VideoTrack::StartTimeline(const CodedPicture& picture, std::int64_t ticks) {
  const SequenceInfo& sequence = parameter_sets_.sequence();
  running_ = starts_run_ = true;
  timeline_.Pair();
  drop_leading_ = !picture.closed;
  format_ = parameter_sets_.format();
  timeline_number_ = delivery_.BeginTimeline();
  base_ticks_ = ticks;
  interval_90k_ = UsualInterval(sequence);
  decoding_times_.Start(sequence.reorder_depth, kTimelineStart, interval_90k_);
  last_dts_ = {};
}

/// At a keyframe in mid-stream: takes up what had to wait for one. No frame is lost by it.
void VideoTrack::RollTimeline(const CodedPicture& picture, std::int64_t ticks) {
  const bool reordered_otherwise =
      format_->reorder_depth != parameter_sets_.sequence().reorder_depth;
  const bool clock_off = to_hold_ == 0 && wall_clock_.off();  // held ones are dated anew anyway
  if (clock_off || reordered_otherwise) {
    const WallTime end = delivery_.media_end();
    if (clock_off) wall_clock_.Correct();
    StartTimeline(picture, ticks);
    drop_leading_ = false;  // what they need was delivered just before
    const bool time_left_out = wall_clock_.At(ticks) > end;
    if (clock_off && time_left_out) delivery_.Interrupt(GapReason::kClockStep, end);
  }
  if (!(*format_ == *parameter_sets_.format())) starts_run_ = true;
  format_ = parameter_sets_.format();
}

bool VideoTrack::MayCostARun(const Instant& arrival) {
  if (run_budget_.Take(arrival.mono)) return true;
  Fail(GapReason::kProtocolError,
       Error(ErrorCode::kResourceExhausted,
             "the stream changes its format or its timeline again and again"));
  return false;
}

void VideoTrack::Deliver(CodedPicture picture, std::int64_t ticks) {
  if (drop_leading_ && ticks < base_ticks_) return;
  AccessUnit unit;
  unit.pts = MediaTime{kTimelineStart.ticks_90k + ticks - base_ticks_};
  unit.dts = decoding_times_.Next(unit.pts);
  unit.keyframe = picture.keyframe;
  unit.format = format_;
  unit.timeline = timeline_number_;
  unit.data = std::move(picture.data);
  const std::int64_t since_last = unit.dts.ticks_90k - last_dts_.ticks_90k;
  if (last_dts_.ticks_90k != 0 && since_last > 1 && since_last <= kLongestFrame90k)
    interval_90k_ = since_last;
  last_dts_ = unit.dts;
  const microseconds interval = Between({}, MediaTime{interval_90k_});
  if (to_hold_ > 0) return Hold(std::move(unit), ticks, interval);
  unit.wall = wall_clock_.At(ticks);
  Pass(std::move(unit), interval);
}

/// The pairing of media time with our clock begins with the first arrivals. Of a stream that is
/// reordered these are late ones, and slewing would take minutes to make up for it: so the first
/// few are dated together, by the least delayed of them. Should the session end meanwhile, they lie
/// in the gap that it began in.
void VideoTrack::Hold(AccessUnit unit, std::int64_t ticks, microseconds interval) {
  held_.push_back({std::move(unit), ticks, interval});
  if (held_.size() < to_hold_) return;
  to_hold_ = 0;
  wall_clock_.Correct();
  for (HeldUnit& held : std::exchange(held_, {})) {
    held.unit.wall = wall_clock_.At(held.ticks);
    Pass(std::move(held.unit), held.interval);
  }
}

void VideoTrack::Pass(AccessUnit unit, microseconds interval) {
  ++counters_.frames;
  counters_.frame_bytes += unit.data.size();
  delivery_.Deliver(std::move(unit), interval);
}

void VideoTrack::Fail(GapReason reason, Error error) {
  if (!failure_) failure_ = SessionFailure{reason, std::move(error)};
}

}  // namespace yagura::ingest
