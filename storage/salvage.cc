#include <algorithm>
#include <array>

#include "core/log.h"
#include "storage/recovery.h"

namespace yagura::storage {
namespace {

/// So many of a file's last fragments are read and checked byte by byte: what may have been written
/// since the last sync but one.
constexpr std::size_t kCheckedFragments = 12;

/// Drops fragments from the first damaged one among the last few on.
Result<void> DropDamaged(const File& file, ClipIndex& index) {
  const std::size_t count = index.fragments.size();
  std::size_t keep = count > kCheckedFragments ? count - kCheckedFragments : 0;
  std::vector<std::uint8_t> buffer;
  for (; keep < count; ++keep) {
    ASSIGN_OR_RETURN(const bool whole, FragmentIsWhole(file, index.fragments[keep], buffer));
    if (!whole) break;
  }
  if (keep == count) return {};
  index.fragments_end = index.fragments[keep].offset_bytes;
  index.fragments.resize(keep);
  std::size_t samples = 0;
  for (const IndexedFragment& fragment : index.fragments) samples += fragment.samples;
  index.samples.resize(samples);
  return {};
}

ClipTrailer TrailerOf(const SalvagedClip& clip) {
  ClipTrailer trailer;
  trailer.ended_by = ClipEnd::kRecovered;
  trailer.fragments_offset = clip.index.fragments_offset;
  trailer.first_dts = clip.index.samples.front().dts;
  trailer.media_end = clip.media_end;
  trailer.wall_end = clip.wall_end;
  auto next = clip.index.samples.begin();
  for (const IndexedFragment& fragment : clip.index.fragments) {
    std::vector<Sample> samples;
    for (std::uint32_t i = 0; i < fragment.samples; ++i, ++next) {
      samples.push_back({.size_bytes = next->size_bytes,
                         .duration_90k = next->duration_90k,
                         .composition_90k = next->composition_90k,
                         .keyframe = next->keyframe});
    }
    trailer.Add(fragment.moof_bytes, samples);
  }
  return trailer;
}

}  // namespace

Result<SalvagedClip> SalvageClip(Files& files, const std::string& path, const ClipOpened& opened) {
  SalvagedClip clip;
  clip.opened = opened;
  clip.path = path;
  clip.is_void = true;
  clip.media_end = opened.media_start;
  clip.wall_end = opened.wall_start;
  auto opened_file = files.OpenToWrite(path);
  if (!opened_file.has_value()) {
    if (opened_file.error().code() == ErrorCode::kNotFound) return clip;
    return Failure(std::move(opened_file).error());
  }
  File& file = **opened_file;
  ASSIGN_OR_RETURN(const std::uint64_t bytes, file.Size());
  auto index = ReadClipIndex(file, bytes);
  if (!index.has_value()) {
    if (index.error().code() == ErrorCode::kDataLoss) return clip;
    return Failure(std::move(index).error());
  }
  clip.index = *std::move(index);
  RETURN_IF_ERROR(DropDamaged(file, clip.index));
  if (clip.index.samples.empty()) return clip;
  const std::optional<ClipTrailer>& trailer = clip.index.trailer;
  clip.is_void = false;
  if (trailer && clip.index.samples.size() == trailer->samples.size()) {
    clip.media_end = trailer->media_end;
    clip.wall_end = trailer->wall_end;
    return clip;
  }
  clip.index.trailer.reset();
  clip.media_end = clip.index.MediaEnd();
  clip.wall_end = opened.wall_start + Between(opened.media_start, clip.media_end);
  if (bytes > clip.index.fragments_end) RETURN_IF_ERROR(file.Truncate(clip.index.fragments_end));
  return clip;
}

Result<ClipClosed> FinishSalvaged(Files& files, const SalvagedClip& clip) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.OpenToWrite(clip.path));
  ClipClosed record{.opened = clip.opened,
                    .media_end = clip.media_end,
                    .wall_end = clip.wall_end,
                    .header_bytes = clip.index.header_bytes,
                    .fragments_offset = clip.index.fragments_offset,
                    .samples = static_cast<std::uint32_t>(clip.index.samples.size()),
                    .ended_by = ClipEnd::kRecovered,
                    .trailer_offset = clip.index.fragments_end,
                    .keyframes = KeyframesOf(clip.index)};
  if (clip.index.trailer) {
    record.ended_by = clip.index.trailer->ended_by;
  } else {
    const std::vector<std::uint8_t> box = BuildTrailer(TrailerOf(clip));
    const std::array<ByteView, 1> parts{box};
    auto written = file->Write(clip.index.fragments_end, parts);
    if (!written.has_value()) {
      // A full disk only costs the trailer.
      if (written.error().code() != ErrorCode::kResourceExhausted) return Failure(written.error());
      RETURN_IF_ERROR(file->Truncate(clip.index.fragments_end));
      record.trailer_offset.reset();
    }
  }
  RETURN_IF_ERROR(file->Sync());
  RETURN_IF_ERROR(files.SyncFolder(FolderOf(clip.path)));
  ASSIGN_OR_RETURN(record.bytes, file->Size());
  ASSIGN_OR_RETURN(record.sha256, ClipSha256(*file, record.bytes));
  return record;
}

}  // namespace yagura::storage
