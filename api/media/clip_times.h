#pragma once

#include <vector>

#include "core/time.h"
#include "storage/catalogue.h"

namespace yagura::api {

// A clip pairs two stretches, one of media time and one of wall time; between their ends one runs
// evenly along the other (docs/design/clip-format.md). Pure. Instants outside the clip go on at the
// same pace.

[[nodiscard]] MediaTime MediaAt(const storage::ClipRow& clip, WallTime wall);
[[nodiscard]] WallTime WallAt(const storage::ClipRow& clip, MediaTime media);

/// The latest keyframe of the clip at or before `media`, or the clip's start where there is none.
[[nodiscard]] MediaTime KeyframeBefore(const storage::ClipRow& clip, MediaTime media);
/// The first keyframe at or after `media`, or the clip's end.
[[nodiscard]] MediaTime KeyframeAfter(const storage::ClipRow& clip, MediaTime media);

}  // namespace yagura::api
