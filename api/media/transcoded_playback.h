#pragma once

#include "api/media/clip_folder.h"
#include "api/media/transcoders.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

struct TranscodedPlaybackDependencies {
  Viewings& viewings;
  const ClipFolder& folder;
  Transcoders& transcoders;
};

/// GET /v1/clips/{id}/h264.m4s: a segment of a playlist that was asked for with `codec=h264`, made
/// for the caller. Its viewing is the clip's.
[[nodiscard]] Result<Response> ShowTranscodedSegment(const Entrance& entrance,
                                                     const TranscodedPlaybackDependencies& needs);

}  // namespace yagura::api
