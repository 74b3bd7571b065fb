#include "storage/told_clip.h"

#include <algorithm>

#include "storage/sha256.h"

namespace yagura::storage {
namespace {

/// What follows a clip in its run, where the clip itself doesn't say where it ends.
struct Successor {
  MediaTime first_dts;
  MediaTime media_start;
  WallTime wall_start{};
};

/// Nothing where the next file can't be read: then the clip ends with what it has.
std::optional<Successor> ReadSuccessor(Files& files, const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  const auto file = files.OpenToRead(*path);
  if (!file.has_value()) return std::nullopt;
  const auto index = ReadClipIndex(**file, UINT64_MAX);
  if (!index.has_value() || index->samples.empty()) return std::nullopt;
  return Successor{.first_dts = index->samples.front().dts,
                   .media_start = index->identity.media_start,
                   .wall_start = index->identity.wall_start};
}

/// Drops the fragments from the `keep`-th on.
void CutTo(ClipIndex& index, std::size_t keep) {
  if (keep == index.fragments.size()) return;
  index.fragments_end = index.fragments[keep].offset_bytes;
  index.fragments.resize(keep);
  std::size_t samples = 0;
  for (const IndexedFragment& fragment : index.fragments) samples += fragment.samples;
  index.samples.resize(samples);
}

/// How many of the fragments come before `until`.
std::size_t FragmentsBefore(const ClipIndex& index, MediaTime until) {
  std::size_t first = 0;
  std::size_t count = 0;
  for (const IndexedFragment& fragment : index.fragments) {
    if (index.samples[first].dts >= until) break;
    first += fragment.samples;
    ++count;
  }
  return count;
}

void EndByTrailer(const ClipTrailer& trailer, const ClipIndex& index, std::uint64_t file_bytes,
                  ClipClosed& clip) {
  clip.media_end = trailer.media_end;
  clip.wall_end = trailer.wall_end;
  clip.ended_by = trailer.ended_by;
  clip.bytes = file_bytes;
  clip.trailer_offset = index.fragments_end;
}

void EndByFragments(const ClipIndex& index, const std::optional<Successor>& next,
                    ClipClosed& clip) {
  clip.media_end = next ? next->media_start : index.MediaEnd();
  clip.wall_end = next ? next->wall_start
                       : clip.opened.wall_start + Between(clip.opened.media_start, clip.media_end);
  clip.ended_by = ClipEnd::kCondemned;
  clip.bytes = index.fragments_end;
}

}  // namespace

RunOpened RunOf(const ClipHead& head) {
  const ClipOpened& clip = head.identity;
  return {.run = clip.clip.run,
          .camera = clip.camera,
          .stream = clip.stream,
          .owner = clip.owner,
          .clock = clip.clock,
          .media_start = clip.media_start,
          .wall_start = clip.wall_start,
          .format = head.format,
          .init_sha256 = Sha256Of(head.init_segment)};
}

Result<ToldClip> TellClip(Files& files, const std::string& path,
                          const std::optional<std::string>& next_path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.OpenToRead(path));
  ASSIGN_OR_RETURN(const std::uint64_t file_bytes, file->Size());
  ASSIGN_OR_RETURN(const ClipHead head, ReadClipHead(*file));
  ASSIGN_OR_RETURN(ClipIndex index, ReadClipIndex(*file, file_bytes));
  ToldClip told;
  told.run = RunOf(head);
  told.clip.opened = head.identity;
  told.clip.header_bytes = head.header_bytes;
  told.clip.fragments_offset = head.fragments_offset;
  ClipContents contents;
  if (index.trailer) {
    EndByTrailer(*index.trailer, index, file_bytes, told.clip);
    ASSIGN_OR_RETURN(contents, ReadClipContents(*file, index, file_bytes, AtDamage::kGoOn));
    told.damaged_fragments = contents.damaged.size();
  } else {
    const auto next = ReadSuccessor(files, next_path);
    if (next) CutTo(index, FragmentsBefore(index, next->first_dts));
    // The end of such a file is whatever was under way: from the first damage on nothing counts.
    ASSIGN_OR_RETURN(contents,
                     ReadClipContents(*file, index, index.fragments_end, AtDamage::kStop));
    if (!contents.damaged.empty()) CutTo(index, contents.damaged.front());
    EndByFragments(index, next, told.clip);
  }
  if (index.samples.empty()) return Failure(ErrorCode::kDataLoss, "no whole fragment in it");
  told.clip.samples = static_cast<std::uint32_t>(index.samples.size());
  told.clip.keyframes = KeyframesOf(index);
  told.clip.sha256 = contents.sha256;
  file->DropFromCache(file_bytes);
  return told;
}

}  // namespace yagura::storage
