// What a CameraConnection does by a pull worker.
#include "core/log.h"
#include "ingest/camera_connection_posix.h"

namespace yagura::ingest {
namespace {

/// Between the end of a worker's pipe and that of its process.
constexpr std::chrono::seconds kWorkerEndTimeout{1};

}  // namespace

CameraTransport CameraConnection::TransportNow() const {
  if (source_.transport != CameraTransport::kAuto) return source_.transport;
  return tcp_refused_ ? CameraTransport::kUdp : CameraTransport::kTcp;
}

/// By a worker, which connects by itself.
void CameraConnection::StartPulling(const Instant& now) {
  const SocketAddress& address = addresses_[pulls_++ % addresses_.size()];
  const auto started =
      surroundings_.pull_worker
          ? StartWorker(*surroundings_.pull_worker)
          : Failure(ErrorCode::kFailedPrecondition, "there are no workers for this transport");
  if (!started.has_value()) return Fail(GapReason::kWorkerFailed, started.error(), now);
  worker_ = std::make_unique<CameraWorker>(started->pid);
  worker_bytes_ = {};
  pulled_in_vain_ = true;
  socket_.Adopt(started->pipe);
  reader_->BeginPulling({TransportNow(), WithAddress(now_url_, AddressText(address)), source_.user,
                         source_.password, certificate_},
                        now);
  Flush();
}

void CameraConnection::OnWorkerGone(const Instant& now) {
  socket_.Close();
  phase_ = Phase::kWorkerEnding;
  phase_since_ = now.mono;
  AwaitWorkerEnd(now);
}

void CameraConnection::OnWorkerFlood(const Instant& now) {
  worker_->Kill();
  Fail(GapReason::kProtocolError,
       Error(ErrorCode::kResourceExhausted, "its pull worker sends more than any camera"), now);
}

/// A worker whose pipe has ended has died; by what, its process says a moment later.
void CameraConnection::AwaitWorkerEnd(const Instant& now) {
  const auto end = worker_->Poll();
  if (!end && now.mono - phase_since_ < kWorkerEndTimeout) return;
  const int signal = end ? end->signal : 0;
  if (signal != 0 && surroundings_.on_worker_signal)
    surroundings_.on_worker_signal(source_.key(), signal);
  Fail(GapReason::kWorkerFailed,
       Error(ErrorCode::kUnavailable,
             signal != 0 ? "its pull worker died by signal " + std::to_string(signal)
                         : "its pull worker ended without saying why"),
       now);
}

/// Where it is late to die, by what is told when it does.
void CameraConnection::LetWorkerLeave() {
  if (worker_->is_known_to_have_ended()) return worker_.reset();
  surroundings_.leaving_workers.Add(
      std::move(worker_), surroundings_.clock.Monotonic(),
      [&on_signal = surroundings_.on_worker_signal, of = source_.key()](int signal) {
        if (on_signal) on_signal(of, signal);
      });
}

/// The one shown in the first session that came to play is the camera's, until that is forgotten.
void CameraConnection::NoteCertificate() {
  if (!worker_ || TransportNow() != CameraTransport::kTls) return;
  const std::string shown = reader_->certificate();
  if (shown.empty()) return;
  if (!certificate_.empty() && shown != certificate_) refused_certificate_ = shown;
  if (!reader_->playing()) return;
  if (shown == certificate_) return refused_certificate_.clear();
  certificate_ = shown;
  log::Info("camera's certificate is taken for its own",
            {{"camera", ToString(source_.id)}, {"sha256", certificate_}});
}

/// What is on record; else what was seen here, while it is of the same host and not forgotten.
std::string CameraConnection::CertificateOf(const CameraSource& source, const RtspUrl& url) const {
  if (!source.certificate.sha256.empty()) return source.certificate.sha256;
  const bool same = url.host == url_.host && url.port == url_.port &&
                    source.certificate.forgotten_at == source_.certificate.forgotten_at;
  return same ? certificate_ : std::string();
}

/// A certificate that comes to be on record since it was seen here is nothing new.
bool CameraConnection::IsAlready(const CameraSource& source,
                                 const std::shared_ptr<AccessUnitSink>& sink) const {
  CameraSource without = source;
  without.certificate = source_.certificate;
  const KnownCertificate& known = source.certificate;
  return sink == sink_ && without == source_ &&
         known.forgotten_at == source_.certificate.forgotten_at &&
         (known.sha256.empty() || known.sha256 == certificate_);
}

/// Of a camera with `auto`: once it has said which one it doesn't serve.
void CameraConnection::TryOtherTransport(const Instant& now) {
  tcp_refused_ = !tcp_refused_;
  log::Info("camera refuses a transport",
            {{"camera", ToString(source_.id)}, {"next", std::string(ToString(TransportNow()))}});
  Fail(GapReason::kCameraRefused,
       Error(ErrorCode::kUnavailable, "the camera refuses the transport"), now);
}

}  // namespace yagura::ingest
