#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"

namespace yagura::storage {

/// Until when every frame is there that a camera has shown. With B-frames what came last may be
/// shown later than frames that never came. No frame to come is shown before `bound`: the DTS that
/// comes next, or the PTS of the first frame of all, whichever is later. What is shown from there
/// on counts as long as it follows without a hole, `step_90k` a frame.
///
/// `ahead`: PTS of the frames that are there and shown at or after `bound`, in any order. Pure.
[[nodiscard]] MediaTime CompleteUntil(MediaTime bound, std::vector<MediaTime> ahead,
                                      std::int64_t step_90k);

}  // namespace yagura::storage
