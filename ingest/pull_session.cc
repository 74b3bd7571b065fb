#include "ingest/pull_session.h"

#include <utility>

namespace yagura::ingest {
namespace {

Result<RecordedTrack> ReadTrack(std::string_view text) {
  ASSIGN_OR_RETURN(const Sdp sdp, ParseSdp(text));
  return FindRecordedTrack(sdp);
}

}  // namespace

PullSession::PullSession(const PullOrder& order, MonoTime now)
    : outbox_(EncodePullOrder(order)),
      begun_at_(now),
      over_tls_(order.transport == CameraTransport::kTls),
      expected_certificate_(order.certificate) {}

void PullSession::OnFrame(std::uint8_t kind, std::span<const std::uint8_t> payload) {
  switch (static_cast<PullKind>(kind)) {
    case PullKind::kDescription:
      return OnDescription({reinterpret_cast<const char*>(payload.data()), payload.size()});
    case PullKind::kCertificate:
      return OnCertificate({reinterpret_cast<const char*>(payload.data()), payload.size()});
    case PullKind::kPlaying:
      if (!set_up()) return OnNonsense();
      playing_ = true;
      return;
    case PullKind::kFailure:
      return OnFailure(payload);
    default:
      return OnNonsense();
  }
}

void PullSession::OnDescription(std::string_view text) {
  if (set_up()) return OnNonsense();
  if (over_tls_ && certificate_.empty()) {  // so that nothing was compared with what it must be
    return Fail(GapReason::kWorkerFailed,
                Error(ErrorCode::kPermissionDenied, "the pull worker names no certificate"));
  }
  auto track = ReadTrack(text);
  if (track.has_value()) {
    track_ = *std::move(track);
    return;
  }
  const bool unsupported = track.error().code() == ErrorCode::kUnimplemented;
  Fail(unsupported ? GapReason::kUnsupportedStream : GapReason::kProtocolError,
       std::move(track).error());
}

void PullSession::OnCertificate(std::string_view fingerprint) {
  if (set_up() || !certificate_.empty() || !IsFingerprint(fingerprint)) return OnNonsense();
  certificate_ = fingerprint;
  if (expected_certificate_.empty() || certificate_ == expected_certificate_) return;
  Fail(GapReason::kCertificateChanged,
       Error(ErrorCode::kPermissionDenied,
             "the camera shows another certificate than before: " + certificate_));
}

void PullSession::OnFailure(std::span<const std::uint8_t> payload) {
  auto failure = ParsePullFailure(payload);
  if (!failure) return OnNonsense();
  Fail(ReasonOf(failure->kind), Error(ErrorCode::kUnavailable, std::move(failure->text)));
  failure_->other_transport = failure->kind == PullFailure::Kind::kOtherTransport;
}

void PullSession::OnTime(MonoTime now) {
  if (playing_ || now - begun_at_ < kPatience) return;
  Fail(GapReason::kCameraSilent,
       Error(ErrorCode::kDeadlineExceeded, "the camera doesn't come to play"));
}

void PullSession::OnNonsense() {
  Fail(GapReason::kWorkerFailed, Error(ErrorCode::kDataLoss, "the pull worker talks nonsense"));
}

void PullSession::Fail(GapReason reason, Error error) {
  if (!failure_) failure_ = SessionFailure{reason, std::move(error)};
}

}  // namespace yagura::ingest
