#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "storage/journal_records.h"

namespace yagura::storage {

/// A clip's keyframes as a few bytes each, for its catalogue row: for every keyframe the distance
/// in the file and in media time from the one before (from 0 and `media_start` for the first), each
/// as a variable-length number (bytes.h; media time may go back).
[[nodiscard]] std::vector<std::uint8_t> PackKeyframes(std::span<const ClipKeyframe> keyframes,
                                                      MediaTime media_start);
/// kDataLoss: not what PackKeyframes writes.
[[nodiscard]] Result<std::vector<ClipKeyframe>> UnpackKeyframes(
    std::span<const std::uint8_t> packed, MediaTime media_start);

}  // namespace yagura::storage
