#pragma once

#include "api/media/clip_folder.h"
#include "api/media/thumbnail_cache.h"
#include "api/media/turns.h"
#include "api/media/viewings.h"
#include "api/route.h"
#include "pictures/picture_decoder.h"

namespace yagura::api {

struct ThumbnailDependencies {
  Viewings& viewings;
  const ClipFolder& folder;
  pictures::PictureDecoder& decoder;  // whose workers make small pictures
  Turns& turns;
  ThumbnailCache& cache;
};

/// GET /v1/cameras/{id}/thumbnail.jpg: the keyframe at or before an instant, small; for who looks
/// along a timeline. Decided, and on record, as the whole picture is, also where it is in the
/// cache.
[[nodiscard]] Result<Response> ShowThumbnail(const Entrance& entrance,
                                             const ThumbnailDependencies& needs);

}  // namespace yagura::api
