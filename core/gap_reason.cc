#include "core/gap_reason.h"

#include <algorithm>
#include <array>
#include <utility>

namespace yagura {
namespace {

constexpr std::array<std::pair<GapReason, std::string_view>, 16> kNames{{
    {GapReason::kCameraUnreachable, "camera_unreachable"},
    {GapReason::kAuthenticationFailed, "authentication_failed"},
    {GapReason::kCameraRefused, "camera_refused"},
    {GapReason::kProtocolError, "protocol_error"},
    {GapReason::kUnsupportedStream, "unsupported_stream"},
    {GapReason::kCameraSilent, "camera_silent"},
    {GapReason::kFramesDamaged, "frames_damaged"},
    {GapReason::kWaitingForKeyframe, "waiting_for_keyframe"},
    {GapReason::kRecorderRestart, "recorder_restart"},
    {GapReason::kRecorderOverloaded, "recorder_overloaded"},
    {GapReason::kWriteFailed, "write_failed"},
    {GapReason::kVolumeFull, "volume_full"},
    {GapReason::kClockStep, "clock_step"},
    {GapReason::kCameraParked, "camera_parked"},
    {GapReason::kWorkerFailed, "worker_failed"},
    {GapReason::kCertificateChanged, "certificate_changed"},
}};

}  // namespace

std::string_view ToString(GapReason reason) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const auto& entry) { return entry.first == reason; });
  return found->second;
}

std::optional<GapReason> ParseGapReason(std::string_view text) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const auto& entry) { return entry.second == text; });
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

}  // namespace yagura
