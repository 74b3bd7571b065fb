#include "app/found_transports.h"

#include <algorithm>

namespace yagura::app {
namespace {

using fleet::FoundTransport;

std::optional<FoundTransport> SaidOf(const std::optional<FoundTransports::Told>& said,
                                     CameraId camera) {
  if (!said) return std::nullopt;
  const auto found = std::ranges::find(said->found, camera, &FoundTransport::camera);
  return found == said->found.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<FoundTransports::Told> FoundTransports::Look(
    const std::vector<ingest::CameraStatus>& cameras) {
  Told told;
  for (const ingest::CameraStatus& camera : cameras) {
    if (!camera.transport_is_auto) {
      told.told_by_record.push_back(camera.id);
    } else if (camera.state == ingest::CameraState::kStreaming) {
      told.found.push_back({camera.id, camera.transport});
    } else if (const auto before = SaidOf(said_, camera.id)) {
      told.found.push_back(*before);
    }
  }
  if (said_ == told) return std::nullopt;
  return told;
}

}  // namespace yagura::app
