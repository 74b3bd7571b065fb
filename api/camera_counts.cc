#include "api/camera_counts.h"

namespace yagura::api {

Json CountsJson(const CameraCounts& counts) {
  using enum fleet::CameraState;
  Json json = Json::Object();
  for (const fleet::CameraState state :
       {kPlanned, kStaged, kAccepted, kInService, kSuspended, kRetired}) {
    const auto found = counts.find(state);
    json.Set(fleet::ToString(state), found == counts.end() ? 0 : found->second);
  }
  return json;
}

}  // namespace yagura::api
