#pragma once

#include "api/media/clip_folder.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

/// GET /v1/cameras/{id}/video.mp4: one progressive file of what is shown in [from, to). Its
/// viewings, one for each ten minutes, are recorded before the first byte of theirs. Gaps are
/// collapsed, and listed in X-Yagura-Gaps.
[[nodiscard]] Result<Response> ShowVideo(const Entrance& entrance, Viewings& viewings,
                                         const ClipFolder& folder);

}  // namespace yagura::api
