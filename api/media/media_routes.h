#pragma once

#include <vector>

#include "access_control/gate.h"
#include "api/media/clip_folder.h"
#include "api/media/live_hub.h"
#include "api/media/thumbnail_cache.h"
#include "api/media/transcoders.h"
#include "api/media/turns.h"
#include "api/media/viewings.h"
#include "api/route.h"
#include "pictures/picture_decoder.h"

namespace yagura::api {

/// What the handlers of footage work with. All outlive the routes.
struct MediaDependencies {
  access_control::Gate& gate;
  Viewings& viewings;
  const ClipFolder& folder;
  LiveHub& live;
  pictures::PictureDecoder& decoder;
  Turns& stored_picture_turns;
  Turns& activity_turns;
  pictures::PictureDecoder& thumbnail_decoder;
  ThumbnailCache& thumbnails;
  Transcoders& transcoders;
  const Clock& clock;
};

/// Every route of the footage listener.
[[nodiscard]] std::vector<Route> MediaRoutes(const MediaDependencies& needs);

}  // namespace yagura::api
