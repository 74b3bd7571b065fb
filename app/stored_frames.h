#pragma once

#include <vector>

#include "app/evidence.h"
#include "app/sent_check.h"

namespace yagura::app {

/// The frames in one clip file, by the stamps in them, in decoding order. `bytes` of the file
/// count. kDataLoss: it is no clip of ours, or a frame in it has no stamp.
[[nodiscard]] Result<std::vector<StoredFrame>> ReadStoredFrames(storage::Files& files,
                                                                const FoundClip& clip,
                                                                std::uint64_t bytes);

}  // namespace yagura::app
