#include "api/media/movie_tables.h"

#include <algorithm>

#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

using storage::AppendVersionAndFlags;
using storage::BoxScope;
using storage::ByteWriter;
using storage::FourCc;

/// Equal neighbours counted together, as most tables want them.
template <class Value>
struct Counted {
  std::uint32_t count;
  Value value;
};

template <class Value>
void Count(std::vector<Counted<Value>>& runs, Value value) {
  if (!runs.empty() && runs.back().value == value) {
    ++runs.back().count;
  } else {
    runs.push_back({1, value});
  }
}

std::uint32_t Size32(std::size_t size) { return static_cast<std::uint32_t>(size); }

}  // namespace

void AppendTimeToSample(ByteWriter& out, const MovieTimeline& timeline) {
  std::vector<Counted<std::uint32_t>> runs;
  for (std::size_t i = 0; i < timeline.frames.size(); ++i) {
    const bool is_last = i + 1 == timeline.frames.size();
    const std::int64_t next = is_last ? timeline.dts_end : timeline.frames[i + 1].dts;
    Count(runs, static_cast<std::uint32_t>(next - timeline.frames[i].dts));
  }
  const BoxScope box(out, FourCc("stts"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(Size32(runs.size()));
  for (const auto& run : runs) {
    out.U32(run.count);
    out.U32(run.value);
  }
}

void AppendCompositionOffsets(ByteWriter& out, const MovieTimeline& timeline) {
  std::vector<Counted<std::int32_t>> runs;
  for (const MovieFrame& frame : timeline.frames)
    Count(runs, static_cast<std::int32_t>(frame.pts - frame.dts));
  if (runs.size() == 1 && runs.front().value == 0) return;
  const BoxScope box(out, FourCc("ctts"));
  AppendVersionAndFlags(out, 1, 0);
  out.U32(Size32(runs.size()));
  for (const auto& run : runs) {
    out.U32(run.count);
    out.I32(run.value);
  }
}

void AppendSyncSamples(ByteWriter& out, const MovieTimeline& timeline) {
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < timeline.frames.size(); ++i) {
    if (timeline.frames[i].stored.keyframe) numbers.push_back(Size32(i + 1));
  }
  const BoxScope box(out, FourCc("stss"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(Size32(numbers.size()));
  for (const std::uint32_t number : numbers) out.U32(number);
}

void AppendSampleSizes(ByteWriter& out, const MovieTimeline& timeline) {
  const BoxScope box(out, FourCc("stsz"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(0);  // sizes differ
  out.U32(Size32(timeline.frames.size()));
  for (const MovieFrame& frame : timeline.frames) out.U32(frame.stored.size_bytes);
}

void AppendSampleToChunk(ByteWriter& out, std::span<const MovieChunk> chunks) {
  const BoxScope box(out, FourCc("stsc"));
  AppendVersionAndFlags(out, 0, 0);
  const std::size_t count_at = out.size();
  out.U32(0);
  std::uint32_t entries = 0;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (i > 0 && chunks[i].frames == chunks[i - 1].frames) continue;
    out.U32(Size32(i + 1));
    out.U32(chunks[i].frames);
    out.U32(1);  // the only sample description
    ++entries;
  }
  out.PatchU32(count_at, entries);
}

void AppendChunkOffsets(ByteWriter& out, std::span<const MovieChunk> chunks) {
  const BoxScope box(out, FourCc("co64"));
  AppendVersionAndFlags(out, 0, 0);
  out.U32(Size32(chunks.size()));
  for (const MovieChunk& chunk : chunks) out.U64(chunk.offset_in_movie);
}

}  // namespace yagura::api
