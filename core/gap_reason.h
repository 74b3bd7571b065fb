#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace yagura {

/// Why a camera that was due was not recorded. Closed list; the names are stored, shown and
/// documented (docs/glossary.md).
enum class GapReason : std::uint8_t {
  kCameraUnreachable,     // nobody answers at the address, or the connection was refused, reset or
                          // timed out
  kAuthenticationFailed,  // the camera refuses our credentials
  kCameraRefused,         // the camera answers with an error of its own (404, 503, TEARDOWN, ...)
  kProtocolError,         // what the camera sends can't be understood, or is over a limit
  kUnsupportedStream,     // no stream of a kind that we record
  kCameraSilent,          // connected, but no media for the silence limit
  kFramesDamaged,         // packets of these frames never came or were broken
  kWaitingForKeyframe,  // media flows, but no decodable picture can start before the next keyframe
  kRecorderRestart,     // the recorder was not running
  kRecorderOverloaded,  // a queue of ours was full
  kWriteFailed,         // the volume refused to store it
  kVolumeFull,          // no space, and nothing that may be deleted
  kClockStep,           // our clock jumped
  kCameraParked,        // what the camera sends crashed the recorder again and again: not connected
  kWorkerFailed,        // the process that pulls from this camera died, or can't work
  kCertificateChanged,  // over TLS it shows another certificate than before: nothing is said to it
};
inline constexpr GapReason kLastGapReason = GapReason::kCertificateChanged;

/// "camera_unreachable", and so on.
[[nodiscard]] std::string_view ToString(GapReason reason);
[[nodiscard]] std::optional<GapReason> ParseGapReason(std::string_view text);

}  // namespace yagura
