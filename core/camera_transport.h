#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace yagura {

/// How a camera's packets reach us. The names are stored and shown (docs/glossary.md).
enum class CameraTransport : std::uint8_t {
  kTcp,        // within the RTSP connection: the main path
  kUdp,        // to two ports of ours
  kMulticast,  // to a group that the camera names
  kTls,        // as kTcp, over TLS (rtsps)
  kHttp,       // as kTcp, within two HTTP connections
  kAuto,       // kTcp, or kUdp where the camera refuses that
};
inline constexpr CameraTransport kLastCameraTransport = CameraTransport::kAuto;

/// "tcp", and so on.
[[nodiscard]] std::string_view ToString(CameraTransport transport);
[[nodiscard]] std::optional<CameraTransport> ParseCameraTransport(std::string_view text);

}  // namespace yagura
