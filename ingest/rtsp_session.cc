#include "ingest/rtsp_session.h"

#include <algorithm>

#include "ingest/limits.h"
#include "ingest/text.h"

namespace yagura::ingest {
namespace {

using std::chrono::milliseconds;

/// A 401 to a fresh nonce may itself have met an expired one; more than this is a camera that never
/// lets us in.
constexpr int kMaxChallengesPerRequest = 2;
/// Some cameras never answer GET_PARAMETER, and give the session up after some more of them (Hipcam
/// RealServer/V1.0, ngraziano/SharpRTSP issue 63); then OPTIONS keeps it alive.
constexpr milliseconds kMostKeepAlivePatience{10'000};
constexpr milliseconds kLeastKeepAliveInterval{500};
constexpr milliseconds kMostKeepAliveInterval{30'000};

GapReason ReasonFor(const Error& error) {
  return error.code() == ErrorCode::kUnimplemented ? GapReason::kUnsupportedStream
                                                   : GapReason::kProtocolError;
}

/// 461 is the one for it; VLC's and rtsp-server-perl's servers over UDP alone show that 400 is used
/// too.
bool SaysOtherTransport(int status) { return status == 461 || status == 400 || status == 501; }

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307;
}

}  // namespace

RtspSession::RtspSession(RtspUrl url, Credentials credentials, std::string client_nonce,
                         KeepAlive keep_alive, Challenge::Scheme weakest_scheme)
    : url_(std::move(url)),
      authenticator_(std::move(credentials), std::move(client_nonce)),
      keep_alive_(keep_alive),
      weakest_scheme_(weakest_scheme),
      get_parameter_(keep_alive == KeepAlive::kOtherWay),
      aggregate_url_(url_.text) {}

void RtspSession::Start(MonoTime now) {
  state_ = State::kAsking;
  Send(Step::kOptions, now);
}

std::size_t RtspSession::OnBytes(std::string_view bytes, MonoTime now) {
  if (state_ == State::kOver) return 0;
  auto parsed = ParseRtspMessage(bytes);
  if (!parsed.has_value()) {
    Fail(GapReason::kProtocolError, std::move(parsed).error());
    return 0;
  }
  if (!parsed->has_value()) return 0;
  const ParsedRtspMessage& message = **parsed;
  if (message.message.IsReply()) {
    OnReply(message.message, now);
  } else {
    OnRequest(message.message);
  }
  if (outbox_.size() > kMaxOutboxBytes) {
    Fail(GapReason::kProtocolError,
         Error(ErrorCode::kResourceExhausted, "the camera takes no requests off the wire"));
  }
  return message.size_bytes;
}

void RtspSession::OnTime(MonoTime now) {
  if (state_ == State::kAsking && now - sent_at_ >= kReplyTimeout) {
    Fail(GapReason::kCameraSilent,
         Error(ErrorCode::kDeadlineExceeded, "no reply to " + std::string(Method(pending_))));
  }
  if (state_ != State::kPlaying) return;
  const auto interval = std::clamp(timeout_ / 2, kLeastKeepAliveInterval, kMostKeepAliveInterval);
  const auto patience = std::min(interval, kMostKeepAlivePatience);
  if (pending_ == Step::kKeepAlive && now - sent_at_ >= patience) {
    pending_ = Step::kNone;
    get_parameter_ = false;
  }
  if (pending_ == Step::kNone && now - last_request_at_ >= interval) Send(Step::kKeepAlive, now);
}

bool RtspSession::MayHaveTimedOut(MonoTime now) const {
  if (!playing_since_) return false;
  const auto age = now - *playing_since_;
  return age >= timeout_ * 9 / 10 && age <= timeout_ * 5 / 2;
}

void RtspSession::Stop() {
  if (!session_id_.empty() && state_ != State::kOver) {
    std::vector<RtspHeader> headers = {{"CSeq", std::to_string(++sequence_)},
                                       {"Session", session_id_}};
    if (auto value = authenticator_.Authorization("TEARDOWN", aggregate_url_))
      headers.push_back({"Authorization", *value});
    outbox_ += FormatRtspMessage("TEARDOWN " + aggregate_url_ + " RTSP/1.0", headers);
  }
  state_ = State::kOver;
}

std::string_view RtspSession::Method(Step step) const {
  switch (step) {
    case Step::kDescribe:
      return "DESCRIBE";
    case Step::kSetup:
      return "SETUP";
    case Step::kPlay:
      return "PLAY";
    case Step::kKeepAlive:
      return get_parameter_ ? "GET_PARAMETER" : "OPTIONS";
    case Step::kOptions:
    case Step::kNone:
      break;
  }
  return "OPTIONS";
}

const std::string& RtspSession::Uri(Step step) const {
  if (step == Step::kSetup) return track_url_;
  return step == Step::kPlay || step == Step::kKeepAlive ? aggregate_url_ : url_.text;
}

void RtspSession::AddStepHeaders(Step step, std::vector<RtspHeader>& headers) const {
  if (step == Step::kDescribe) headers.push_back({"Accept", "application/sdp"});
  if (step == Step::kSetup) headers.push_back({"Transport", "RTP/AVP/TCP;unicast;interleaved=0-1"});
  if (step == Step::kPlay) headers.push_back({"Range", "npt=0.000-"});
  if (!session_id_.empty()) headers.push_back({"Session", session_id_});
}

void RtspSession::Send(Step step, MonoTime now) {
  if (step != pending_) challenges_ = 0;
  pending_ = step;
  sent_at_ = last_request_at_ = now;
  const std::string method(Method(step));
  const std::string& uri = Uri(step);
  std::vector<RtspHeader> headers = {{"CSeq", std::to_string(++sequence_)},
                                     {"User-Agent", "Yagura"}};
  AddStepHeaders(step, headers);
  if (auto value = authenticator_.Authorization(method, uri))
    headers.push_back({"Authorization", *std::move(value)});
  outbox_ += FormatRtspMessage(method + " " + uri + " RTSP/1.0", headers);
}

void RtspSession::OnRequest(const RtspMessage& request) {
  const bool ends = request.method == "TEARDOWN" || request.method == "REDIRECT";
  const bool harmless = request.method == "OPTIONS" || request.method == "GET_PARAMETER" ||
                        request.method == "SET_PARAMETER";
  std::vector<RtspHeader> headers;
  const auto sequence = request.Header("CSeq");
  if (sequence && ParseNumber(*sequence, UINT32_MAX))
    headers.push_back({"CSeq", std::string(*sequence)});
  outbox_ += FormatRtspMessage(
      ends || harmless ? "RTSP/1.0 200 OK" : "RTSP/1.0 501 Not Implemented", headers);
  if (ends) {
    Fail(GapReason::kCameraRefused,
         Error(ErrorCode::kUnavailable, "the camera ended the session with " + request.method));
  }
}

void RtspSession::OnReply(const RtspMessage& reply, MonoTime now) {
  const auto sequence = reply.Header("CSeq");
  const bool other =
      sequence && ParseNumber(*sequence, UINT32_MAX) != sequence_;  // late, or none of ours
  if (other || pending_ == Step::kNone || reply.status < 200) {
    if (++unasked_ > kMaxUnaskedReplies) {
      Fail(GapReason::kProtocolError,
           Error(ErrorCode::kResourceExhausted, "the camera replies to what nobody asked"));
    }
    return;
  }
  const Step step = pending_;
  if (reply.status == 401) {
    OnChallenge(step, reply, now);
  } else if (IsRedirect(reply.status)) {
    OnRedirect(reply);
  } else if (reply.status >= 300) {
    OnRefusal(step, reply.status, now);
  } else {
    OnSuccess(step, reply, now);
  }
}

void RtspSession::OnChallenge(Step step, const RtspMessage& reply, MonoTime now) {
  const auto challenge = StrongestChallenge(reply);
  if (!challenge && step == Step::kOptions)
    return Send(Step::kDescribe, now);  // it may say how then
  const auto taken_up = TakeUp(challenge);
  if (taken_up.has_value()) return Send(step, now);
  if (step != Step::kKeepAlive) return Fail(GapReason::kAuthenticationFailed, taken_up.error());
  // The stream is ours as long as it flows. Should the camera mean it, it will end the session.
  authenticator_.Forget();
  pending_ = Step::kNone;
  get_parameter_ = false;
}

Result<void> RtspSession::TakeUp(const std::optional<Challenge>& challenge) {
  if (!challenge) {
    return Failure(ErrorCode::kUnauthenticated,
                   "the camera offers no way of signing in that we know");
  }
  if (!authenticator_.has_credentials()) {
    return Failure(ErrorCode::kUnauthenticated,
                   "the camera asks for credentials, it has none on record");
  }
  if (challenge->scheme < weakest_scheme_) {
    return Failure(ErrorCode::kUnauthenticated,
                   "the camera asks for the credentials in a weaker way than it did before: if it "
                   "was reset or replaced, change its record, else somebody may stand between");
  }
  if (++challenges_ > kMaxChallengesPerRequest || !authenticator_.Accept(*challenge))
    return Failure(ErrorCode::kUnauthenticated, "the camera refuses the credentials");
  return {};
}

void RtspSession::OnRedirect(const RtspMessage& reply) {
  const std::string_view location = reply.Header("Location").value_or("");
  const auto target = ResolveLocation(url_, location);
  if (!target.has_value()) {
    return Fail(GapReason::kCameraRefused,
                Error(ErrorCode::kFailedPrecondition,
                      "the camera redirects to where we can't go: " + target.error().message()));
  }
  if (!EqualsIgnoringCase(target->host, url_.host)) {
    return Fail(GapReason::kCameraRefused,
                Error(ErrorCode::kFailedPrecondition, "the camera redirects to another host, " +
                                                          Quoted(target->host) +
                                                          "; record that address if it is right"));
  }
  redirect_ = *target;
  state_ = State::kOver;
}

void RtspSession::OnRefusal(Step step, int status, MonoTime now) {
  if (step == Step::kOptions) return Send(Step::kDescribe, now);  // not every camera knows OPTIONS
  if (step == Step::kKeepAlive && status != 454) {
    pending_ = Step::kNone;
    get_parameter_ = false;
    return;
  }
  const auto reason = status == 403 ? GapReason::kAuthenticationFailed : GapReason::kCameraRefused;
  Fail(reason, Error(ErrorCode::kUnavailable, "the camera answered " + std::string(Method(step)) +
                                                  " with status " + std::to_string(status)));
  failure_->other_transport = step == Step::kSetup && SaysOtherTransport(status);
}

void RtspSession::OnSuccess(Step step, const RtspMessage& reply, MonoTime now) {
  Result<void> result;
  // Many cameras answer OPTIONS to anybody.
  if (step != Step::kOptions || challenges_ > 0) NoteProof();
  if (step == Step::kOptions) OnOptions(reply);
  if (step == Step::kDescribe) result = OnDescription(reply);
  if (step == Step::kSetup) result = OnSetup(reply);
  if (!result.has_value()) {
    Fail(ReasonFor(result.error()), result.error());
    failure_->other_transport =
        step == Step::kSetup && result.error().code() == ErrorCode::kUnimplemented;
    return;
  }
  switch (step) {
    case Step::kOptions:
      return Send(Step::kDescribe, now);
    case Step::kDescribe:
      return Send(Step::kSetup, now);
    case Step::kSetup:
      return Send(Step::kPlay, now);
    case Step::kPlay:
      state_ = State::kPlaying;
      playing_since_ = now;
      [[fallthrough]];
    case Step::kKeepAlive:
    case Step::kNone:
      pending_ = Step::kNone;
  }
}

void RtspSession::NoteProof() {
  authenticator_.Proved();
  weakest_scheme_ =
      std::max(weakest_scheme_, authenticator_.proved_scheme().value_or(weakest_scheme_));
}

void RtspSession::OnOptions(const RtspMessage& reply) {
  bool announced = false;
  for (const RtspHeader& header : reply.headers) {
    if (!EqualsIgnoringCase(header.name, "Public")) continue;
    std::string_view methods = header.value;
    while (!methods.empty()) {
      if (EqualsIgnoringCase(Trimmed(CutAt(methods, ',')), "GET_PARAMETER")) announced = true;
    }
  }
  get_parameter_ = announced != (keep_alive_ == KeepAlive::kOtherWay);
}

Result<void> RtspSession::OnDescription(const RtspMessage& reply) {
  ASSIGN_OR_RETURN(const Sdp sdp, ParseSdp(reply.body));
  ASSIGN_OR_RETURN(track_, FindRecordedTrack(sdp));
  const std::string base = BaseUrl(url_, reply.Header("Content-Base").value_or(""),
                                   reply.Header("Content-Location").value_or(""));
  aggregate_url_ = ResolveControl(base, sdp.control);
  const bool moved = StartsWithIgnoringCase(sdp.control, "rtsp://");
  track_url_ = ResolveControl(moved ? aggregate_url_ : base, track_.control);
  return {};
}

Result<void> RtspSession::OnSetup(const RtspMessage& reply) {
  if (const auto header = reply.Header("Session")) {
    ASSIGN_OR_RETURN(const SessionHeader session, ParseSessionHeader(*header));
    session_id_ = session.id;
    timeout_ = session.timeout;
  }
  const auto header = reply.Header("Transport");
  if (!header) return Failure(ErrorCode::kInvalidArgument, "the reply to SETUP names no transport");
  ASSIGN_OR_RETURN(transport_, ParseTransport(*header));
  set_up_ = true;
  return {};
}

void RtspSession::Fail(GapReason reason, Error error) {
  if (state_ == State::kOver) return;
  state_ = State::kOver;
  failure_ = SessionFailure{reason, std::move(error)};
}

}  // namespace yagura::ingest
