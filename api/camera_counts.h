#pragma once

#include <cstdint>
#include <map>

#include "core/json.h"
#include "fleet/camera.h"

namespace yagura::api {

/// How many cameras are in which state.
using CameraCounts = std::map<fleet::CameraState, std::uint64_t>;

/// {"planned": 0, …}: every state, also those without cameras.
[[nodiscard]] Json CountsJson(const CameraCounts& counts);

}  // namespace yagura::api
