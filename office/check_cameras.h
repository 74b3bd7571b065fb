#pragma once

#include "office/office.h"
#include "office/problem.h"

namespace yagura::office {

/// Each camera's dated facts among one another: it has a state, its states follow one another as
/// they may (fleet/camera.h), it stands somewhere and somebody is in charge while it is recorded,
/// and nothing holds once it is retired. For CheckOffice. Pure.
[[nodiscard]] Problems CheckCameras(const Office& office);

}  // namespace yagura::office
