#pragma once

#include "api/media/clip_folder.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

/// GET /v1/cameras/{id}/playback.m3u8: no pictures, so no viewing; that it was asked for is
/// recorded.
[[nodiscard]] Result<Response> ShowPlaylist(const Call& call, const access_control::Permit& permit);
/// GET /v1/runs/{id}/init.mp4: the run's ftyp and moov, from the first of its clips that is still
/// there.
[[nodiscard]] Result<Response> ShowInit(const Call& call, const access_control::Permit& permit,
                                        const ClipFolder& folder);
/// GET /v1/clips/{id}/media: the stored file, byte ranges of it. The clip's viewing is recorded
/// before its first byte; while it is open, further ranges are decided from memory.
[[nodiscard]] Result<Response> ShowClip(const Entrance& entrance, Viewings& viewings,
                                        const ClipFolder& folder);

}  // namespace yagura::api
