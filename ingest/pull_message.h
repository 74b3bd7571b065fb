#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/camera_transport.h"
#include "core/gap_reason.h"
#include "core/result.h"

/// What a recorder and its pull workers say to each other over a pipe, framed as interleaved
/// packets are (interleaved.h): docs/design/pull-worker.md. Pure.
namespace yagura::ingest {

/// The channel of a frame.
enum class PullKind : std::uint8_t {
  kRtp = 0,          // a packet of the recorded track, as it came
  kRtcp = 1,         // a compound packet of it, as it came
  kDescription = 2,  // the camera's SDP, before the first packet
  kPlaying = 3,      // the camera answered PLAY
  kFailure = 4,      // the session is over (PullFailure)
  kCertificate = 5,  // of kTls, before anything is asked: the camera's, as IsFingerprint() has it
  kOrder = 16,       // to the worker, its only frame: what to pull (PullOrder)
};

/// Which camera a worker is to pull, and how.
struct PullOrder {
  CameraTransport transport = CameraTransport::kUdp;  // kUdp, kMulticast, kTls or kHttp
  std::string url;  // rtsp://, with the address that was looked up in place of the host's name
  std::string user;
  std::string password;
  /// Of kTls: the certificate that the camera must show, as IsFingerprint() has it; empty: any.
  std::string certificate{};
  friend bool operator==(const PullOrder&, const PullOrder&) = default;
};
/// The SHA-256 of a certificate's DER, as 64 digits of 0-9 and a-f.
[[nodiscard]] bool IsFingerprint(std::string_view text);

/// The whole frame.
[[nodiscard]] std::string EncodePullOrder(const PullOrder& order);
/// Of a frame's payload. kInvalidArgument: it is none.
[[nodiscard]] Result<PullOrder> ParsePullOrder(std::span<const std::uint8_t> payload);

/// Why a worker gives a session up.
struct PullFailure {
  enum class Kind : std::uint8_t {
    kUnreachable,      // nobody answers, or the connection broke
    kUnauthorised,     // the camera refuses the credentials
    kRefused,          // the camera answers with an error of its own, or ended the session
    kOtherTransport,   // the camera sends, but not in the way asked for
    kUnsupported,      // it has no stream that we record
    kNotUnderstood,    // what it says makes no sense
    kWorker,           // the worker itself can't work
    kOtherCertificate  // the camera shows another one than the order has
  };
  Kind kind = Kind::kUnreachable;
  std::string text;  // for the log; never credentials
};
inline constexpr std::size_t kMaxPullFailureBytes = 400;

/// The whole frame; a longer text is cut.
[[nodiscard]] std::string EncodePullFailure(const PullFailure& failure);
/// Of a frame's payload, from an untrusted worker: nothing where it is none. What isn't printable
/// ASCII in its text is a '.'.
[[nodiscard]] std::optional<PullFailure> ParsePullFailure(std::span<const std::uint8_t> payload);
[[nodiscard]] GapReason ReasonOf(PullFailure::Kind kind);

}  // namespace yagura::ingest
