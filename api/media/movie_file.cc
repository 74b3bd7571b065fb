#include "api/media/movie_file.h"

#include <array>
#include <string_view>
#include <utility>

#include "api/media/movie_tables.h"
#include "core/access_unit.h"
#include "storage/codec_boxes.h"
#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

using storage::AppendVersionAndFlags;
using storage::BoxScope;
using storage::ByteView;
using storage::ByteWriter;
using storage::FourCc;

constexpr std::uint32_t kMdatHeaderBytes = 16;  // with a 64-bit size, always

struct Description {
  ByteView sample_description;  // the whole stsd box
  Codec codec;
  std::uint32_t width_px;
  std::uint32_t height_px;
};

Result<Description> Describe(ByteView init_segment) {
  ASSIGN_OR_RETURN(const StreamFormat format, storage::ReadStreamFormat(init_segment));
  ByteView inside = init_segment;
  for (const std::uint32_t type :
       {FourCc("moov"), FourCc("trak"), FourCc("mdia"), FourCc("minf"), FourCc("stbl")}) {
    const auto box = storage::FindBox(inside, type);
    if (!box) return Failure(ErrorCode::kDataLoss, "an init segment without a track");
    inside = box->payload;
  }
  const auto description = storage::FindBox(inside, FourCc("stsd"));
  if (!description)
    return Failure(ErrorCode::kDataLoss, "an init segment without a sample description");
  return Description{description->whole, format.codec, format.width_px, format.height_px};
}

/// Where in the files the frames lie, one piece per visit to a file, and in the movie, from the
/// first byte of mdat's payload on.
struct Layout {
  std::vector<MoviePiece> pieces;
  std::vector<MovieChunk> chunks;
  std::uint64_t media_bytes = 0;
};

Layout LayOut(const MovieTimeline& timeline) {
  Layout layout;
  std::uint64_t piece_at = 0;  // in the movie
  const StoredFrame* before = nullptr;
  for (const MovieFrame& frame : timeline.frames) {
    const StoredFrame& stored = frame.stored;
    const bool same_file =
        before != nullptr && before->file == stored.file && stored.offset >= before->offset;
    if (!same_file) {
      piece_at = layout.media_bytes;
      layout.pieces.push_back({stored.file, stored.offset, 0});
    }
    MoviePiece& piece = layout.pieces.back();
    const bool side_by_side = same_file && before->offset + before->size_bytes == stored.offset;
    if (!side_by_side) layout.chunks.push_back({0, piece_at + (stored.offset - piece.offset)});
    ++layout.chunks.back().frames;
    piece.size_bytes = stored.offset + stored.size_bytes - piece.offset;
    layout.media_bytes = piece_at + piece.size_bytes;
    before = &stored;
  }
  return layout;
}

std::uint64_t ShownDuration(const MovieTimeline& timeline) {
  std::int64_t duration = 0;
  for (const MovieEdit& edit : timeline.edits) duration += edit.duration;
  return static_cast<std::uint64_t>(duration);
}

void Ftyp(ByteWriter& out, Codec codec) {
  const BoxScope box(out, FourCc("ftyp"));
  out.Text("isom");
  out.U32(0x200);
  const std::array<std::string_view, 4> brands = {"isom", "iso2",
                                                  storage::CodecBoxesOf(codec).brand, "mp41"};
  for (const std::string_view brand : brands) out.Text(brand);
}

void Mvhd(ByteWriter& out, const MovieTimeline& timeline) {
  const BoxScope box(out, FourCc("mvhd"));
  AppendVersionAndFlags(out, 1, 0);
  out.Zeros(16);  // creation, modification: the same request has the same bytes
  out.U32(kMediaTimescale);
  out.U64(ShownDuration(timeline));
  out.U32(0x10000);  // rate
  out.U16(0x100);    // volume
  out.Zeros(10);
  storage::AppendUnityMatrix(out);
  out.Zeros(24);
  out.U32(storage::kTrackId + 1);
}

void Tkhd(ByteWriter& out, const MovieTimeline& timeline, const Description& description) {
  const BoxScope box(out, FourCc("tkhd"));
  AppendVersionAndFlags(out, 1, 3);  // enabled, in movie
  out.Zeros(16);
  out.U32(storage::kTrackId);
  out.U32(0);
  out.U64(ShownDuration(timeline));
  out.Zeros(8 + 8);  // reserved, layer to reserved
  storage::AppendUnityMatrix(out);
  out.U32(description.width_px << 16);
  out.U32(description.height_px << 16);
}

void Edts(ByteWriter& out, const MovieTimeline& timeline) {
  const BoxScope edts(out, FourCc("edts"));
  const BoxScope elst(out, FourCc("elst"));
  AppendVersionAndFlags(out, 1, 0);
  out.U32(static_cast<std::uint32_t>(timeline.edits.size()));
  for (const MovieEdit& edit : timeline.edits) {
    out.U64(static_cast<std::uint64_t>(edit.duration));
    out.I64(edit.media_time);
    out.U32(0x10000);  // at normal rate
  }
}

void Mdhd(ByteWriter& out, const MovieTimeline& timeline) {
  const BoxScope box(out, FourCc("mdhd"));
  AppendVersionAndFlags(out, 1, 0);
  out.Zeros(16);
  out.U32(kMediaTimescale);
  out.U64(static_cast<std::uint64_t>(timeline.dts_end));
  out.U32(storage::kUndeterminedLanguage);
}

void Stbl(ByteWriter& out, const MovieTimeline& timeline, const Description& description,
          const Layout& layout) {
  const BoxScope stbl(out, FourCc("stbl"));
  out.Bytes(description.sample_description);
  AppendTimeToSample(out, timeline);
  AppendCompositionOffsets(out, timeline);
  AppendSyncSamples(out, timeline);
  AppendSampleSizes(out, timeline);
  AppendSampleToChunk(out, layout.chunks);
  AppendChunkOffsets(out, layout.chunks);
}

void Trak(ByteWriter& out, const MovieTimeline& timeline, const Description& description,
          const Layout& layout) {
  const BoxScope trak(out, FourCc("trak"));
  Tkhd(out, timeline, description);
  Edts(out, timeline);
  const BoxScope mdia(out, FourCc("mdia"));
  Mdhd(out, timeline);
  storage::AppendVideoHandler(out);
  const BoxScope minf(out, FourCc("minf"));
  storage::AppendVideoMediaHeaders(out);
  Stbl(out, timeline, description, layout);
}

std::vector<std::uint8_t> Head(const MovieTimeline& timeline, const Description& description,
                               const Layout& layout) {
  ByteWriter out;
  Ftyp(out, description.codec);
  {
    const BoxScope moov(out, FourCc("moov"));
    Mvhd(out, timeline);
    Trak(out, timeline, description, layout);
  }
  out.U32(1);  // a 64-bit size follows
  out.Text("mdat");
  out.U64(kMdatHeaderBytes + layout.media_bytes);
  return out.Take();
}

}  // namespace

Result<MovieFile> LayOutMovie(const MovieTimeline& timeline,
                              std::span<const std::uint8_t> init_segment) {
  ASSIGN_OR_RETURN(const Description description, Describe(init_segment));
  Layout layout = LayOut(timeline);
  // The head is as long whatever the offsets in it are: once to measure it, once with the offsets
  // moved behind it.
  const std::uint64_t head_bytes = Head(timeline, description, layout).size();
  for (MovieChunk& chunk : layout.chunks) chunk.offset_in_movie += head_bytes;
  MovieFile file{Head(timeline, description, layout), std::move(layout.pieces), 0};
  file.size_bytes = head_bytes + layout.media_bytes;
  return file;
}

}  // namespace yagura::api
