#pragma once

#include "api/media/live_hub.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

/// Live pictures by low-latency HLS, under the viewings that live.mp4 has. What comes soon is
/// waited for (RFC 8216bis 6.2.5.2); 503 where it doesn't come.
struct LiveHlsDependencies {
  Viewings& viewings;
  LiveHub& hub;
  const Clock& clock;
};

/// GET /v1/cameras/{id}/live.m3u8.
[[nodiscard]] Result<Response> ShowLivePlaylist(const Entrance& entrance,
                                                const LiveHlsDependencies& needs);
/// GET /v1/cameras/{id}/live.m4s: a segment, or a part of it.
[[nodiscard]] Result<Response> ShowLiveSegment(const Entrance& entrance,
                                               const LiveHlsDependencies& needs);
/// GET /v1/cameras/{id}/live-init.mp4: no pictures.
[[nodiscard]] Result<Response> ShowLiveInit(const Entrance& entrance,
                                            const LiveHlsDependencies& needs);

}  // namespace yagura::api
