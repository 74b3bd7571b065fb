#include "ingest/camera_reader.h"

#include <string_view>
#include <utility>

#include "core/ids.h"
#include "ingest/big_endian.h"
#include "ingest/limits.h"
#include "ingest/rtcp.h"

namespace yagura::ingest {
namespace {

static_assert(CameraReader::kMaxCarryBytes > kMaxInterleavedBytes);
static_assert(CameraReader::kMaxCarryBytes > kMaxMessageBytes);

void Add(VideoTrack::Counters& sum, const VideoTrack::Counters& more) {
  sum.packets += more.packets;
  sum.media_bytes += more.media_bytes;
  sum.pictures += more.pictures;
  sum.malformed_packets += more.malformed_packets;
  sum.frames += more.frames;
  sum.frame_bytes += more.frame_bytes;
  sum.damaged_frames += more.damaged_frames;
  sum.timestamp_jumps += more.timestamp_jumps;
}

/// A camera that lets a session go in one of these ways may have missed our keep-alives.
bool CanBeATimeout(GapReason reason) {
  return reason == GapReason::kCameraUnreachable || reason == GapReason::kCameraSilent ||
         reason == GapReason::kCameraRefused;
}

std::uint32_t RandomSource() {
  const auto random = NewId<Id<struct SourceTag>>().bytes;
  return Read32(std::span(random).last(4));
}

}  // namespace

void CameraReader::Begin(const RtspUrl& url, const Credentials& credentials, const Instant& now) {
  Drop();
  session_.emplace(url, credentials, ToString(NewId<Id<struct ClientNonceTag>>()), keep_alive_,
                   weakest_scheme_);
  session_->Start(now.mono);
}

void CameraReader::BeginPulling(const PullOrder& order, const Instant& now) {
  Drop();
  pull_.emplace(order, now.mono);
}

std::size_t CameraReader::OnBytes(std::span<const std::uint8_t> bytes, const Instant& now) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !failure() && !redirect()) {
    const auto rest = bytes.subspan(taken);
    const std::size_t size = pull_ ? OnPulled(rest, now) : OnNext(rest, now);
    if (size == 0) break;
    taken += size;
  }
  NoteMedia(now);
  return taken;
}

/// A packet or a message; 0: more bytes are needed.
std::size_t CameraReader::OnNext(std::span<const std::uint8_t> bytes, const Instant& now) {
  if (bytes[0] == kInterleavedMark) {
    const InterleavedFrame frame = FirstInterleavedFrame(bytes);
    if (frame.size_bytes > 0) OnFrame(frame.channel, frame.payload, now);
    return frame.size_bytes;
  }
  // Some cameras end a message with one line too many.
  if (bytes[0] == '\r' || bytes[0] == '\n') return 1;
  return OnMessage(bytes, now);
}

std::size_t CameraReader::OnPulled(std::span<const std::uint8_t> bytes, const Instant& now) {
  if (bytes[0] != kInterleavedMark) {
    pull_->OnNonsense();
    return 0;
  }
  const InterleavedFrame frame = FirstInterleavedFrame(bytes);
  if (frame.size_bytes > 0) OnPulledFrame(frame, now);
  return frame.size_bytes;
}

void CameraReader::OnPulledFrame(const InterleavedFrame& frame, const Instant& now) {
  const auto kind = static_cast<PullKind>(frame.channel);
  const bool packet = kind == PullKind::kRtp || kind == PullKind::kRtcp;
  if (packet && !track_) return;
  if (kind == PullKind::kRtp) {
    reorder_.OnPacket(frame.payload, now.mono, [&](auto rtp) { track_->OnRtp(rtp, now); });
  } else if (kind == PullKind::kRtcp) {
    track_->OnRtcp(frame.payload);
  } else {
    const bool was_playing = playing();
    pull_->OnFrame(frame.channel, frame.payload);
    if (pull_->set_up() && !track_) track_.emplace(pull_->track(), delivery_);
    NotePlaying(was_playing, now);
  }
}

/// What says that a camera is not silent: while frames come, the next one, or so many bytes that a
/// large one may be on its way over a slow line; else any packet with media. But a picture must end
/// now and then, be it one that can't be delivered.
void CameraReader::NoteMedia(const Instant& now) {
  if (!track_) return;
  const VideoTrack::Counters& counters = track_->counters();
  if (std::exchange(pictures_, counters.pictures) != counters.pictures) last_picture_ = now.mono;
  const bool frame = counters.frames != seen_.frames;
  const bool bytes = counters.media_bytes - seen_.media_bytes >= kLeastMediaBytes;
  const bool packet = counters.packets != seen_.packets && !delivery_.flowing();
  if (!frame && !bytes && !packet) return;
  seen_ = counters;
  last_media_ = now.mono;
}

std::size_t CameraReader::OnMessage(std::span<const std::uint8_t> bytes, const Instant& now) {
  const bool was_playing = playing();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t size = session_->OnBytes(text, now.mono);
  if (session_->set_up() && !track_) track_.emplace(session_->track(), delivery_);
  NotePlaying(was_playing, now);
  return size;
}

void CameraReader::NotePlaying(bool was_playing, const Instant& now) {
  if (!playing() || was_playing) return;
  last_media_ = last_picture_ = now.mono;
  if (session_) reports_.emplace(RandomSource(), now.mono);
  // A camera that was silent and says yes may go on being silent: pictures alone say that it isn't.
  const bool silent = delivery_.reason() == GapReason::kCameraSilent;
  if (!delivery_.flowing() && !silent)
    delivery_.Interrupt(GapReason::kWaitingForKeyframe, now.wall);
}

void CameraReader::OnFrame(std::uint8_t channel, std::span<const std::uint8_t> payload,
                           const Instant& now) {
  if (!track_) return;
  if (channel == session_->transport().rtp_channel) {
    if (reports_) reports_->NoteRtp(payload, now.mono);
    track_->OnRtp(payload, now);
  } else if (channel == session_->transport().rtcp_channel) {
    OnRtcp(payload, now);
  }
}

void CameraReader::OnRtcp(std::span<const std::uint8_t> payload, const Instant& now) {
  if (reports_ && reports_->source()) {
    const auto report = ParseRtcp(payload, reports_->source()).report;
    if (report) reports_->NoteSenderReport(report->ntp, now.mono);
  }
  track_->OnRtcp(payload);
}

/// Not while requests wait to be taken off the wire: what the camera doesn't read, it needn't have.
void CameraReader::SendReport(const Instant& now) {
  const auto channel = session_->transport().rtcp_channel;
  if (!playing() || !reports_ || !channel || !reports_->due(now.mono)) return;
  if (!session_->outbox().empty()) return;
  AppendInterleaved(*channel, reports_->Take(now.mono), session_->outbox());
}

void CameraReader::OnTime(const Instant& now) {
  if (session_) {
    session_->OnTime(now.mono);
    SendReport(now);
  } else if (pull_) {
    pull_->OnTime(now.mono);
    if (track_) reorder_.OnTime(now.mono, [&](auto rtp) { track_->OnRtp(rtp, now); });
  } else {
    return;
  }
  const bool known = delivery_.reason() == GapReason::kCameraSilent;
  const auto patience = known ? kSilenceGoesOnTimeout : kSilenceTimeout;
  if (now.mono - last_media_ >= patience) return FailForSilence(patience);
  if (now.mono - last_picture_ >= kPictureTimeout) FailForSilence(kPictureTimeout);
}

void CameraReader::FailForSilence(std::chrono::seconds patience) {
  if (!playing() || failure_) return;
  failure_ = SessionFailure{GapReason::kCameraSilent,
                            Error(ErrorCode::kDeadlineExceeded,
                                  "no frame for " + std::to_string(patience.count()) + " s")};
}

void CameraReader::End(GapReason reason, const Instant& now) {
  if (CanBeATimeout(reason) && session_ && session_->MayHaveTimedOut(now.mono)) {
    keep_alive_ =
        keep_alive_ == KeepAlive::kAsAnnounced ? KeepAlive::kOtherWay : KeepAlive::kAsAnnounced;
  }
  Drop();
  delivery_.Interrupt(reason, delivery_.fresh() ? delivery_.last_from() : now.wall);
}

void CameraReader::Stop() {
  if (session_) session_->Stop();
  track_.reset();
}

void CameraReader::Restart(const Instant& now) {
  keep_alive_ = KeepAlive::kAsAnnounced;
  Drop();
  weakest_scheme_ = Challenge::Scheme::kBasic;
  if (delivery_.flowing()) delivery_.Interrupt(GapReason::kWaitingForKeyframe, now.wall);
}

bool CameraReader::playing() const {
  if (pull_) return pull_->playing();
  return session_ && session_->state() == RtspSession::State::kPlaying;
}

const std::optional<RtspUrl>& CameraReader::redirect() const {
  static const std::optional<RtspUrl> kNone;
  return session_ ? session_->redirect() : kNone;
}

const std::optional<SessionFailure>& CameraReader::failure() const {
  if (track_ && track_->failure()) return track_->failure();
  if (pull_ && pull_->failure()) return pull_->failure();
  return session_ && session_->failure() ? session_->failure() : failure_;
}

VideoTrack::Counters CameraReader::counters() const {
  VideoTrack::Counters sum = past_;
  if (track_) Add(sum, track_->counters());
  return sum;
}

std::uint64_t CameraReader::lost_packets() const {
  return past_lost_packets_ + (track_ ? track_->lost_packets() : 0);
}

const CameraClock* CameraReader::camera_clock() const {
  return track_ ? &track_->camera_clock() : nullptr;
}

void CameraReader::Drop() {
  past_ = counters();
  past_lost_packets_ = lost_packets();
  if (session_) weakest_scheme_ = session_->weakest_scheme();
  track_.reset();
  reports_.reset();
  session_.reset();
  pull_.reset();
  reorder_ = {};
  failure_.reset();
  seen_ = {};
  pictures_ = 0;
}

}  // namespace yagura::ingest
