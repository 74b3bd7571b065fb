#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulate/authenticator.h"
#include "simulate/habits.h"
#include "simulate/rtsp_request.h"

namespace yagura::simulate {

/// Where a client's packets begin; the answer to PLAY tells it (RFC 2326, 12.33).
struct PlayStart {
  std::uint16_t sequence = 0;
  std::uint32_t rtp_time = 0;
};

/// The cameras behind the server, as far as the dialogue must know them.
class CameraDesk {
 public:
  enum class Presence { kUnknown, kPresent, kSilent, kStopped };

  virtual ~CameraDesk() = default;
  [[nodiscard]] virtual Presence PresenceOf(std::uint32_t camera) const = 0;
  [[nodiscard]] virtual std::string SdpOf(std::uint32_t camera) const = 0;
  [[nodiscard]] virtual const Habits& HabitsOf(std::uint32_t camera) const = 0;
  /// The status with which the camera answers `method` by script; 0: as it would by itself.
  [[nodiscard]] virtual unsigned ErrorOf(std::uint32_t camera, std::string_view method) const = 0;
};

/// What the connection's owner must do once it has sent the answer.
enum class AfterReply {
  kGoOn,
  kPlay,         // start playing, and send PlayReply
  kStopPlaying,  // the session was torn down
  kClose,
};

struct RtspReply {
  std::string text;  // empty: no answer
  AfterReply then = AfterReply::kGoOn;
};

/// The server's side of one RTSP connection (RFC 2326): one camera, one session, RTP interleaved
/// only. Pure: bytes and sockets are its owner's.
class RtspDialogue {
 public:
  /// `desk` must outlive this. Without `authenticator` everybody may watch.
  RtspDialogue(const CameraDesk& desk, std::optional<Authenticator> authenticator)
      : desk_(desk), authenticator_(std::move(authenticator)) {}

  [[nodiscard]] RtspReply Answer(const RtspRequest& request);
  /// The answer to the PLAY just granted.
  [[nodiscard]] std::string PlayReply(const PlayStart& start) const;

  /// Whether the request just answered shows the camera that its client is there.
  [[nodiscard]] bool ShowsLife(const RtspRequest& request) const;

  /// The camera that the last request named; 0: none yet.
  [[nodiscard]] std::uint32_t camera() const { return camera_; }
  [[nodiscard]] const Habits& habits() const { return desk_.HabitsOf(camera_); }
  [[nodiscard]] std::uint8_t rtp_channel() const { return rtp_channel_; }
  [[nodiscard]] std::uint8_t rtcp_channel() const { return rtcp_channel_; }

 private:
  [[nodiscard]] RtspReply AnswerForCamera(const RtspRequest& request);
  [[nodiscard]] RtspReply ScriptedError(unsigned status) const;
  [[nodiscard]] bool SignedIn(const RtspRequest& request);
  [[nodiscard]] std::string Challenges() const;
  [[nodiscard]] RtspReply Options() const;
  [[nodiscard]] RtspReply KeepAlive(bool in_session) const;
  [[nodiscard]] RtspReply Describe();
  [[nodiscard]] RtspReply Setup(std::string_view transports);
  [[nodiscard]] RtspReply Teardown();
  [[nodiscard]] RtspReply Reply(std::string_view status, std::string_view headers = {},
                                std::string_view body = {}) const;
  [[nodiscard]] std::string SessionHeader() const;
  [[nodiscard]] bool IsElsewhere(std::string_view known_address) const;
  [[nodiscard]] std::string FillIn(std::string_view text) const;

  const CameraDesk& desk_;
  std::optional<Authenticator> authenticator_;
  std::string sequence_;  // of the request being answered
  std::string uri_;
  std::string described_;  // the address that was
  std::string session_;    // empty: not set up
  unsigned nonce_uses_ = 0;
  std::uint32_t camera_ = 0;
  std::uint8_t rtp_channel_ = 0;
  std::uint8_t rtcp_channel_ = 1;
};

}  // namespace yagura::simulate
