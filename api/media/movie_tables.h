#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "api/media/movie_timeline.h"
#include "storage/bytes.h"

namespace yagura::api {

/// The tables of `stbl` (ISO/IEC 14496-12, 8.6 and 8.7), each appended to `out` as a whole box.
/// Pure.
void AppendTimeToSample(storage::ByteWriter& out, const MovieTimeline& timeline);  // stts
void AppendCompositionOffsets(
    storage::ByteWriter& out,
    const MovieTimeline& timeline);  // ctts, version 1; none where all are 0
void AppendSyncSamples(storage::ByteWriter& out, const MovieTimeline& timeline);  // stss
void AppendSampleSizes(storage::ByteWriter& out, const MovieTimeline& timeline);  // stsz

/// Frames that lie side by side in one clip file.
struct MovieChunk {
  std::uint32_t frames = 0;
  std::uint64_t offset_in_movie = 0;
};
void AppendSampleToChunk(storage::ByteWriter& out, std::span<const MovieChunk> chunks);  // stsc
void AppendChunkOffsets(storage::ByteWriter& out, std::span<const MovieChunk> chunks);   // co64

}  // namespace yagura::api
