#include "core/camera_transport.h"

#include <algorithm>
#include <array>

namespace yagura {
namespace {

constexpr std::array<std::string_view, 6> kNames{"tcp", "udp", "multicast", "tls", "http", "auto"};
static_assert(kNames.size() == static_cast<std::size_t>(kLastCameraTransport) + 1);

}  // namespace

std::string_view ToString(CameraTransport transport) {
  return kNames.at(static_cast<std::size_t>(transport));
}

std::optional<CameraTransport> ParseCameraTransport(std::string_view text) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<CameraTransport>(found - kNames.begin());
}

}  // namespace yagura
