#include "fleet/camera.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace yagura::fleet {
namespace {

constexpr std::array<std::pair<CameraState, std::string_view>, 6> kStates{{
    {CameraState::kPlanned, "planned"},
    {CameraState::kStaged, "staged"},
    {CameraState::kAccepted, "accepted"},
    {CameraState::kInService, "in_service"},
    {CameraState::kSuspended, "suspended"},
    {CameraState::kRetired, "retired"},
}};

bool IsPort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() && port > 0;
}

/// "host", "host:port", "[v6]" or "[v6]:port".
bool IsAuthority(std::string_view text) {
  const std::size_t close = text.starts_with('[') ? text.find(']') : 0;
  if (close == std::string_view::npos) return false;
  const std::size_t colon = text.find(':', close);
  const std::string_view host = text.substr(0, colon);
  if (host.empty() || host == "[]") return false;
  return colon == std::string_view::npos || IsPort(text.substr(colon + 1));
}

}  // namespace

std::string_view ToString(CameraState state) {
  const auto* found = std::ranges::find(kStates, state, &decltype(kStates)::value_type::first);
  return found == kStates.end() ? "unknown" : found->second;
}

std::optional<CameraState> ParseCameraState(std::string_view text) {
  const auto* found = std::ranges::find(kStates, text, &decltype(kStates)::value_type::second);
  if (found == kStates.end()) return std::nullopt;
  return found->first;
}

bool IsRecorded(CameraState state) {
  return state == CameraState::kStaged || state == CameraState::kInService;
}

bool MayFollow(CameraState before, CameraState after) {
  using enum CameraState;
  switch (before) {
    case kPlanned:
      return after != kPlanned;
    case kStaged:
      return after != kStaged && after != kInService;
    case kAccepted:
      return after != kAccepted;
    case kInService:
      return after == kSuspended || after == kRetired;
    case kSuspended:
      return after == kStaged || after == kInService || after == kRetired;
    case kRetired:
      break;
  }
  return false;
}

Result<void> CheckCameraUrl(std::string_view url) {
  constexpr std::string_view kScheme = "rtsp://";
  const auto wrong = [](const std::string& why) {
    // The URL itself is not repeated: it may carry a password.
    return Failure(ErrorCode::kInvalidArgument, "the camera's URL " + why);
  };
  if (url.size() > kCameraUrlSizeMax) return wrong("is longer than 1024 characters");
  if (!url.starts_with(kScheme)) return wrong("doesn't begin with rtsp://");
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return wrong("holds a space or a character outside ASCII");
  }
  if (url.find('@') != std::string_view::npos) {
    return wrong("has a user name or an \"@\" in it; credentials are entered on standard input");
  }
  const std::string_view rest = url.substr(kScheme.size());
  if (!IsAuthority(rest.substr(0, rest.find('/')))) return wrong("has no host, or a wrong port");
  return {};
}

}  // namespace yagura::fleet
