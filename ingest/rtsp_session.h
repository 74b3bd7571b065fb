#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "ingest/failure.h"
#include "ingest/rtsp_auth.h"
#include "ingest/rtsp_message.h"
#include "ingest/rtsp_url.h"
#include "ingest/sdp.h"

namespace yagura::ingest {

/// What the camera agreed to in SETUP: the channels that it chose, whatever we asked for.
struct SessionTransport {
  std::uint8_t rtp_channel = 0;
  std::optional<std::uint8_t> rtcp_channel = std::uint8_t{1};  // nothing: it has none
};

/// What the camera's answers say of how to keep a session alive can be wrong.
enum class KeepAlive : std::uint8_t {
  kAsAnnounced,  // GET_PARAMETER where the camera says that it knows it, else OPTIONS
  kOtherWay,     // the opposite
};

/// One RTSP session with a camera, as the client (RFC 2326; RFC 7826 where it says the same):
/// OPTIONS, DESCRIBE, SETUP over the same TCP connection, PLAY, then keep-alive until it ends. A
/// pure state machine: messages and time in, bytes to send out. One thread.
///
/// Ends by failure(), or by redirect() when the camera sends us to another place on the same host:
/// credentials go to no other host than the one on record, and are shown by no weaker scheme than
/// the camera took before: who stands in the wire could ask for the password itself.
class RtspSession {
 public:
  enum class State : std::uint8_t { kNew, kAsking, kPlaying, kOver };

  RtspSession(RtspUrl url, Credentials credentials, std::string client_nonce,
              KeepAlive keep_alive = KeepAlive::kAsAnnounced,
              Challenge::Scheme weakest_scheme = Challenge::Scheme::kBasic);

  /// Sends the first request.
  void Start(MonoTime now);
  /// Takes one message from the front of `bytes` and returns its size; 0: more bytes are needed, or
  /// the session is over.
  [[nodiscard]] std::size_t OnBytes(std::string_view bytes, MonoTime now);
  /// Sends what is due; fails when a reply is overdue.
  void OnTime(MonoTime now);
  /// Says goodbye, where there is somebody to say it to. The session is over.
  void Stop();

  /// Bytes for the camera; whoever sends them takes them out.
  [[nodiscard]] std::string& outbox() { return outbox_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::optional<SessionFailure>& failure() const { return failure_; }
  [[nodiscard]] const std::optional<RtspUrl>& redirect() const { return redirect_; }
  /// SETUP is done: track() and transport() are valid, and packets may come even before the reply
  /// to PLAY.
  [[nodiscard]] bool set_up() const { return set_up_; }
  /// The camera may be letting the session go now because our keep-alives don't count with it: the
  /// session is as old as its timeout.
  [[nodiscard]] bool MayHaveTimedOut(MonoTime now) const;
  /// By which the credentials may be shown: as it began, or the stronger one that the camera took.
  [[nodiscard]] Challenge::Scheme weakest_scheme() const { return weakest_scheme_; }
  [[nodiscard]] const RecordedTrack& track() const { return track_; }
  [[nodiscard]] const SessionTransport& transport() const { return transport_; }

 private:
  enum class Step : std::uint8_t { kNone, kOptions, kDescribe, kSetup, kPlay, kKeepAlive };

  void Send(Step step, MonoTime now);
  [[nodiscard]] std::string_view Method(Step step) const;
  [[nodiscard]] const std::string& Uri(Step step) const;
  void AddStepHeaders(Step step, std::vector<RtspHeader>& headers) const;
  void OnRequest(const RtspMessage& request);
  void OnReply(const RtspMessage& reply, MonoTime now);
  void OnChallenge(Step step, const RtspMessage& reply, MonoTime now);
  [[nodiscard]] Result<void> TakeUp(const std::optional<Challenge>& challenge);
  void OnRedirect(const RtspMessage& reply);
  void OnRefusal(Step step, int status, MonoTime now);
  void OnSuccess(Step step, const RtspMessage& reply, MonoTime now);
  void NoteProof();
  void OnOptions(const RtspMessage& reply);
  [[nodiscard]] Result<void> OnDescription(const RtspMessage& reply);
  [[nodiscard]] Result<void> OnSetup(const RtspMessage& reply);
  void Fail(GapReason reason, Error error);

  RtspUrl url_;
  Authenticator authenticator_;
  State state_ = State::kNew;
  Step pending_ = Step::kNone;
  int challenges_ = 0;  // of the pending request
  int unasked_ = 0;     // replies to nothing
  std::uint32_t sequence_ = 0;
  MonoTime sent_at_{};
  MonoTime last_request_at_{};
  std::optional<MonoTime> playing_since_;
  std::chrono::milliseconds timeout_{60'000};
  KeepAlive keep_alive_;
  Challenge::Scheme weakest_scheme_;
  bool get_parameter_;
  bool set_up_ = false;
  std::string aggregate_url_;
  std::string track_url_;
  std::string session_id_;
  RecordedTrack track_;
  SessionTransport transport_;
  std::string outbox_;
  std::optional<SessionFailure> failure_;
  std::optional<RtspUrl> redirect_;
};

/// The channels in a Transport header of a SETUP reply, such as
/// "RTP/AVP/TCP;unicast;interleaved=0-1". kUnimplemented: the camera chose another way than TCP;
/// kInvalidArgument: channels that can't be.
[[nodiscard]] Result<SessionTransport> ParseTransport(std::string_view header_value);

/// "12345678;timeout=60".
struct SessionHeader {
  std::string id;
  std::chrono::seconds timeout{60};
};
[[nodiscard]] Result<SessionHeader> ParseSessionHeader(std::string_view header_value);

}  // namespace yagura::ingest
