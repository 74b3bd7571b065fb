#include "ingest/camera_connection_posix.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

/// Collected before a read, while nobody watches: half a second of a 2 Mbit/s stream, unless the
/// sweep comes first.
constexpr std::size_t kGatherBytes = 128 * 1024;
/// Not at first: the pairing of a session's time with ours begins with these frames, as they come.
constexpr std::chrono::seconds kGatherAfter{2};
constexpr std::chrono::seconds kIdleRead{1};
constexpr std::chrono::seconds kLookupTimeout{5};
constexpr std::chrono::minutes kRedirectForgotten{1};

bool IsOneHost(const RtspUrl& a, const RtspUrl& b) { return a.host == b.host && a.port == b.port; }

std::uint64_t SeedFrom(const CameraId& id) {
  std::uint64_t seed = 0;
  std::memcpy(&seed, id.bytes.data(), sizeof seed);
  return seed;
}

}  // namespace

CameraConnection::CameraConnection(CameraSource source, RtspUrl url,
                                   std::shared_ptr<AccessUnitSink> sink,
                                   std::shared_ptr<SessionBudget> session_budget,
                                   const ConnectionSurroundings& surroundings)
    : source_(std::move(source)),
      url_(std::move(url)),
      now_url_(url_),
      sink_(std::move(sink)),
      surroundings_(surroundings),
      socket_(surroundings.epoll, this),
      certificate_(source_.certificate.sha256),
      reader_(surroundings.parsing_note, source_.key(), *sink_, surroundings.clock.Now()),
      back_off_(SeedFrom(source_.id)),
      session_budget_(std::move(session_budget)) {
  const Instant now = Now();
  state_since_ = now.wall;
  // A sub stream comes and goes with who watches it, and may have been asked for in vain just now.
  Retry(now);
}

CameraConnection::~CameraConnection() {
  SayGoodbye();
  CloseSocket();
}

Instant CameraConnection::Now() const {
  return {surroundings_.clock.Monotonic(), surroundings_.clock.Now()};
}

void CameraConnection::Change(CameraSource source, RtspUrl url,
                              std::shared_ptr<AccessUnitSink> sink) {
  const Instant now = Now();
  SayGoodbye();
  CloseSocket();
  if (sink == sink_) {
    reader_->Restart(now);
  } else {
    sink_ = std::move(sink);
    reader_.Renew(*sink_, now.wall);
  }
  certificate_ = CertificateOf(source, url);
  refused_certificate_.clear();
  source_ = std::move(source);
  url_ = std::move(url);
  now_url_ = url_;
  redirects_ = 0;
  tcp_refused_ = false;
  pulled_in_vain_ = false;
  back_off_.Succeeded();
  session_budget_->Forget(source_.stream);
  Attempt(now);
  NoteState(now);
}

void CameraConnection::WaitUntil(MonoTime at, const Instant& now) {
  phase_ = Phase::kWaiting;
  phase_since_ = now.mono;
  retry_at_ = at;
}

/// The camera's other stream may have been asked for since this one's turn was set.
void CameraConnection::Retry(const Instant& now) {
  const MonoTime next = session_budget_->NextAt(source_.stream);
  if (next > now.mono) return WaitUntil(next, now);
  Attempt(now);
}

void CameraConnection::Attempt(const Instant& now) {
  phase_since_ = now.mono;
  if (const auto address = LiteralAddress(now_url_.host, now_url_.port)) {
    addresses_ = {*address};
    return Connect(now);
  }
  phase_ = Phase::kResolving;
  if (looked_up_ && IsOneHost(*looked_up_, now_url_)) return;  // its answer is under way
  looked_up_ = now_url_;
  surroundings_.look_up(source_.key(), now_url_);
}

void CameraConnection::OnResolved(const RtspUrl& url, const Result<SocketAddresses>& addresses) {
  if (looked_up_ && IsOneHost(*looked_up_, url)) looked_up_.reset();
  if (!IsOneHost(url, now_url_) || phase_ != Phase::kResolving) return;  // changed meanwhile
  const Instant now = Now();
  if (!addresses.has_value()) return Fail(GapReason::kCameraUnreachable, addresses.error(), now);
  addresses_ = *addresses;
  if (!addresses_.empty()) return Connect(now);
  Fail(GapReason::kCameraUnreachable,
       Error(ErrorCode::kUnavailable, "the host has neither an IPv4 nor an IPv6 address"), now);
}

/// To the first address not tried yet.
void CameraConnection::Connect(const Instant& now) {
  if (TransportNow() != CameraTransport::kTcp) return AwaitTurn(now);
  phase_ = Phase::kConnecting;
  phase_since_ = now.mono;
  const SocketAddress address = addresses_.front();
  addresses_.erase(addresses_.begin());
  const auto begun = socket_.Connect(address);
  if (!begun.has_value()) OnNotConnected(begun.error(), now);
}

/// A name may have several addresses, and the camera only one of them.
void CameraConnection::OnNotConnected(const Error& error, const Instant& now) {
  if (addresses_.empty()) return Fail(GapReason::kCameraUnreachable, error, now);
  CloseSocket();
  Connect(now);
}

void CameraConnection::OnConnected(const Instant& now) {
  const auto connected = socket_.FinishConnect();
  if (!connected.has_value()) return OnNotConnected(connected.error(), now);
  AwaitTurn(now);
}

void CameraConnection::AwaitTurn(const Instant& now) {
  using Standing = WorkerTurns::Standing;
  phase_ = Phase::kJoining;
  JoinPaces& paces = surroundings_.paces;
  if (TransportNow() == CameraTransport::kTcp)
    join_at_ = paces.sessions.Reserve(now.mono);
  else
    place_.emplace(paces.workers, pulled_in_vain_ ? Standing::kAbsent : Standing::kExpected);
  JoinInTurn(now);
}

void CameraConnection::JoinInTurn(const Instant& now) {
  const bool come =
      place_ ? surroundings_.paces.workers.Take(*place_, now.mono) : join_at_ <= now.mono;
  if (!come) return;
  place_.reset();
  Join(now);
}

/// The connection stands, or a worker is to make it, and it is this camera's turn.
void CameraConnection::Join(const Instant& now) {
  phase_ = Phase::kConnected;
  phase_since_ = now.mono;
  last_read_ = now.mono;
  ++sessions_;
  answered_ = false;
  if (TransportNow() != CameraTransport::kTcp) return StartPulling(now);
  reader_->Begin(now_url_, {source_.user, source_.password}, now);
  Flush();
}

void CameraConnection::OnEvents(std::uint32_t events) {
  if (phase_ == Phase::kConnecting) return OnConnected(Now());
  if (phase_ == Phase::kJoining) Join(Now());  // it speaks first, or closes already
  if ((events & EPOLLOUT) != 0) Flush();
  if (phase_ == Phase::kConnected && (events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0)
    Receive();
}

void CameraConnection::OnSweep() {
  const Instant now = Now();
  if (phase_ == Phase::kWaiting && now.mono >= retry_at_) Retry(now);
  if (phase_ == Phase::kJoining) JoinInTurn(now);
  if (phase_ == Phase::kWorkerEnding) AwaitWorkerEnd(now);
  const auto waited = now.mono - phase_since_;
  if (phase_ == Phase::kConnecting && waited >= kConnectTimeout) {
    OnNotConnected(Error(ErrorCode::kDeadlineExceeded, "connect takes too long"), now);
  }
  if (phase_ == Phase::kResolving && waited >= kLookupTimeout) {
    Fail(GapReason::kCameraUnreachable,
         Error(ErrorCode::kDeadlineExceeded, "looking the host up takes too long"), now);
  }
  // Before the silence is judged: if we were held up ourselves, what the camera sent lies there.
  if (phase_ == Phase::kConnected && (gathering_ || now.mono - last_read_ >= kIdleRead)) Receive();
  if (phase_ == Phase::kConnected) {
    reader_->OnTime(now);
    AfterReading(now);
  }
  NoteState(now);
  ChooseGathering(now);
}

/// One read: `carry_` is put before what comes, so that the reader sees whole packets in place.
void CameraConnection::Receive() {
  const auto room = surroundings_.receive_buffer.subspan(CameraReader::kMaxCarryBytes);
  const auto received = socket_.Receive(room);
  if (received.has_value() && !received->has_value()) return;
  const Instant now = Now();
  if (worker_ && (!received.has_value() || **received == 0)) return OnWorkerGone(now);
  if (!received.has_value()) return Fail(GapReason::kCameraUnreachable, received.error(), now);
  const std::size_t size = **received;
  last_read_ = now.mono;
  if (size == 0) {
    return Fail(GapReason::kCameraUnreachable,
                Error(ErrorCode::kUnavailable, "the camera closed the connection"), now);
  }
  if (!worker_ && !std::exchange(answered_, true))
    session_budget_->NoteSession(source_.stream, phase_since_);
  if (worker_ && !worker_bytes_.Take(size, now.mono)) return OnWorkerFlood(now);
  std::uint8_t* const begin = room.data() - carry_.size();
  std::copy(carry_.begin(), carry_.end(), begin);
  const std::span<const std::uint8_t> bytes(begin, carry_.size() + size);
  const std::size_t taken = reader_->OnBytes(bytes, now);
  const auto rest = bytes.subspan(taken);
  carry_.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                 rest.size(), CameraReader::kMaxCarryBytes)));
  AfterReading(now);
}

/// Acts on what the session has come to.
void CameraConnection::AfterReading(const Instant& now) {
  NoteCertificate();
  if (const auto& failure = reader_->failure()) {
    const SessionFailure copy = *failure;
    if (copy.other_transport && source_.transport == CameraTransport::kAuto)
      return TryOtherTransport(now);
    return Fail(copy.reason, copy.error, now);
  }
  if (const auto redirect = reader_->redirect()) return FollowRedirect(*redirect, now);
  if (!reader_->outbox().empty()) Flush();
}

void CameraConnection::FollowRedirect(const RtspUrl& target, const Instant& now) {
  if (now.mono - redirected_at_ >= kRedirectForgotten) redirects_ = 0;
  redirected_at_ = now.mono;
  if (++redirects_ > kMaxRedirects) {
    return Fail(GapReason::kCameraRefused,
                Error(ErrorCode::kUnavailable, "the camera redirects again and again"), now);
  }
  now_url_ = target;
  CloseSocket();
  if (reader_->flowing())
    reader_->Restart(now);  // in mid-stream: what follows is another session's
  Attempt(now);
}

void CameraConnection::Flush() {
  const auto sent = socket_.Send(reader_->outbox());
  if (sent.has_value()) return;
  if (worker_) return OnWorkerGone(Now());
  Fail(GapReason::kCameraUnreachable, sent.error(), Now());
}

void CameraConnection::Fail(GapReason reason, const Error& error, const Instant& now) {
  LogFailure(reason, error);
  // What came of a worker says by its reason alone whether the camera answered.
  if (worker_ && reason != GapReason::kCameraUnreachable)
    session_budget_->NoteSession(source_.stream, now.mono);
  if (reason == GapReason::kAuthenticationFailed)  // shown twice, as back_off.h has it
    session_budget_->NoteSession(source_.stream, now.mono);
  last_error_ = error.message();
  SayGoodbye();
  CloseSocket();
  reader_->End(reason, now);
  now_url_ = url_;
  redirects_ = 0;
  WaitUntil(std::max(now.mono + back_off_.Next(reason), session_budget_->NextAt(source_.stream)),
            now);
  NoteState(now);
}

void CameraConnection::CloseSocket() {
  socket_.Close();
  place_.reset();
  if (worker_) LetWorkerLeave();
  gathering_ = false;
  carry_.clear();
}

/// As far as the socket takes it at once: nobody waits for a camera's answer to TEARDOWN.
void CameraConnection::SayGoodbye() {
  if (phase_ != Phase::kConnected || !socket_.open() || worker_ || !reader_->has_session()) return;
  reader_->Stop();
  socket_.SendLast(reader_->outbox());
}

void CameraConnection::SetWatched(bool watched) {
  watched_ = watched;
  ChooseGathering(Now());
}

void CameraConnection::ChooseGathering(const Instant& now) {
  const bool settled =
      state_ == CameraState::kStreaming && now.mono - state_since_mono_ >= kGatherAfter;
  const bool gather = phase_ == Phase::kConnected && settled && !watched_ && !worker_;
  if (gather == gathering_ || !socket_.open()) return;
  gathering_ = gather;
  socket_.SetLeastToRead(gathering_ ? kGatherBytes : 1);
}

}  // namespace yagura::ingest
