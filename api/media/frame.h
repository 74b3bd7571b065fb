#pragma once

#include "api/media/clip_folder.h"
#include "api/media/live_hub.h"
#include "api/media/turns.h"
#include "api/media/viewings.h"
#include "api/route.h"
#include "pictures/picture_decoder.h"

namespace yagura::api {

struct FrameDependencies {
  Viewings& viewings;
  const ClipFolder& folder;
  LiveHub& live;
  pictures::PictureDecoder& decoder;
  Turns& stored_turns;  // those of newest pictures are the hub's
  const Clock& clock;
};

/// GET /v1/cameras/{id}/frame.jpg: the picture presented at an instant, from its clip; without one
/// the newest, from whoever records. Decoded by a worker; of JPEG the picture as it was sent.
[[nodiscard]] Result<Response> ShowFrame(const Entrance& entrance, const FrameDependencies& needs);

}  // namespace yagura::api
