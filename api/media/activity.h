#pragma once

#include "api/media/clip_folder.h"
#include "api/media/turns.h"
#include "api/route.h"

namespace yagura::api {

/// GET /v1/cameras/{id}/activity: how much moved in each second, by the sizes of coded frames. No
/// pictures, so no viewing; that it was asked for is recorded. Reads of each clip its head and its
/// trailer, some 7 KB, and decodes nothing. kUnavailable: not this person's turn.
[[nodiscard]] Result<Response> ShowActivity(const Entrance& entrance, const ClipFolder& folder,
                                            Turns& turns);

}  // namespace yagura::api
