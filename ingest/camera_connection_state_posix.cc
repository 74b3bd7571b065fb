// What a CameraConnection tells of itself.
#include "core/log.h"
#include "ingest/camera_connection_posix.h"

namespace yagura::ingest {
namespace {

/// Having sent media this long, a camera's next failure is a first one.
constexpr std::chrono::seconds kProvenAfter{10};

}  // namespace

/// Once for each reason, not for each attempt.
void CameraConnection::LogFailure(GapReason reason, const Error& error) {
  if (logged_reason_ == reason) return;
  logged_reason_ = reason;
  log::Warning("camera failed", {{"camera", ToString(source_.id)},
                                 {"stream", ToString(source_.stream)},
                                 {"reason", ToString(reason)},
                                 {"error", error}});
}

CameraState CameraConnection::CurrentState() const {
  if (phase_ == Phase::kWaiting) return CameraState::kBackingOff;
  if (phase_ != Phase::kConnected) return CameraState::kConnecting;
  if (reader_->flowing()) return CameraState::kStreaming;
  return reader_->playing() ? CameraState::kWaitingForKeyframe : CameraState::kStarting;
}

void CameraConnection::NoteState(const Instant& now) {
  const CameraState state = CurrentState();
  const bool streaming = state == CameraState::kStreaming;
  if (streaming) session_budget_->Forget(source_.stream);
  if (streaming) pulled_in_vain_ = false;
  if (streaming && state_ == state && now.mono - state_since_mono_ >= kProvenAfter)
    back_off_.Succeeded();
  if (state == state_) return;
  state_ = state;
  state_since_ = now.wall;
  state_since_mono_ = now.mono;
  if (!streaming || !logged_reason_) return;
  logged_reason_.reset();
  log::Info("camera is back",
            {{"camera", ToString(source_.id)}, {"stream", ToString(source_.stream)}});
}

CameraStatus CameraConnection::Status() const {
  const VideoTrack::Counters counters = reader_->counters();
  CameraStatus status;
  status.id = source_.id;
  status.stream = source_.stream;
  status.transport = TransportNow();
  status.transport_is_auto = source_.transport == CameraTransport::kAuto;
  status.state = CurrentState();
  status.since = state_since_;
  status.reason = reader_->reason();
  status.last_error = last_error_;
  status.certificate = {certificate_, source_.certificate.forgotten_at};
  status.refused_certificate = refused_certificate_;
  status.sessions = sessions_;
  status.frames = counters.frames;
  status.bytes = counters.frame_bytes;
  status.damaged_frames = counters.damaged_frames;
  status.lost_packets = reader_->lost_packets();
  if (const CameraClock* clock = reader_->camera_clock()) {
    status.clock_offset = clock->offset();
    status.clock_drift_ppm = clock->drift_ppm();
  }
  return status;
}

}  // namespace yagura::ingest
