#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "storage/journal_records.h"

namespace yagura::storage {

/// A clip's keyframes as one or two bytes each, for its catalogue row. Numbers are of variable
/// length (bytes.h), s: signed:
///
///   1      0: no list of an earlier program begins so
///   1      1: offsets are in pages of 4096 bytes; 0: in bytes
///   v, s   the first keyframe: its offset; its media time, from `media_start` on
///   s      where there are more: the usual step of media time, that to the second
///   v      each other keyframe: twice the zigzag of how much further it is from the one before
///   than
///          that from its own; plus 1 where its step is another than the usual,
///   s      and by how much
///
/// GOPs of one camera are alike in time and much alike in bytes, and fragments of a camera of some
/// Mbit/s begin at whole pages. Lists of earlier programs are read too: of each keyframe the
/// distance in bytes (v) and media time (s) from the one before.
[[nodiscard]] std::vector<std::uint8_t> PackKeyframes(std::span<const ClipKeyframe> keyframes,
                                                      MediaTime media_start);
/// kDataLoss: not what PackKeyframes writes, or wrote.
[[nodiscard]] Result<std::vector<ClipKeyframe>> UnpackKeyframes(
    std::span<const std::uint8_t> packed, MediaTime media_start);

}  // namespace yagura::storage
