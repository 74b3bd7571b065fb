#include "storage/volume_scan.h"

#include "core/log.h"
#include "storage/clip_path.h"
#include "storage/clip_reader.h"
#include "storage/file_hash.h"

namespace yagura::storage {
namespace {

RunOpened RunOf(const ClipHead& head) {
  return {.run = head.identity.clip.run,
          .camera = head.identity.camera,
          .stream = head.identity.stream,
          .owner = head.identity.owner,
          .clock = head.identity.clock,
          .media_start = head.identity.media_start,
          .wall_start = head.identity.wall_start,
          .format = head.format,
          .init_sha256 = Sha256Of(head.init_segment)};
}

ClipClosed ClipOf(const ClipIndex& index) {
  ClipClosed clip{.opened = index.identity,
                  .media_end = index.MediaEnd(),
                  .bytes = index.fragments_end,
                  .header_bytes = index.header_bytes,
                  .fragments_offset = index.fragments_offset,
                  .samples = static_cast<std::uint32_t>(index.samples.size()),
                  .ended_by = ClipEnd::kRecovered,
                  .trailer_offset = std::nullopt,
                  .keyframes = KeyframesOf(index)};
  clip.wall_end = clip.opened.wall_start + Between(clip.opened.media_start, clip.media_end);
  if (index.trailer) {
    clip.media_end = index.trailer->media_end;
    clip.wall_end = index.trailer->wall_end;
    clip.ended_by = index.trailer->ended_by;
    clip.trailer_offset = index.fragments_end;
  }
  return clip;
}

/// Walks the folders of a volume.
class Scan {
 public:
  Scan(Files& files, const std::function<void(const ScannedClip&)>& found)
      : files_(files), found_(found) {}

  /// `depth` more folders lie between this one and the clips.
  Result<void> Folder(const std::string& folder, int depth) {
    ASSIGN_OR_RETURN(const auto entries, files_.List(folder));
    for (const FolderEntry& entry : entries) {
      const std::string path = folder + "/" + entry.name;
      if (entry.is_folder && depth > 0) RETURN_IF_ERROR(Folder(path, depth - 1));
      if (depth == 0 && ParseClipFileName(entry.name)) Clip(path);
    }
    return {};
  }

 private:
  void Clip(const std::string& path) {
    const auto clip = ScanClip(files_, path);
    if (clip.has_value()) return found_(*clip);
    log::Warning("a file says nothing of itself", {{"path", path}, {"why", clip.error()}});
  }

  Files& files_;
  const std::function<void(const ScannedClip&)>& found_;
};

}  // namespace

Result<ScannedClip> ScanClip(Files& files, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.OpenToRead(path));
  ASSIGN_OR_RETURN(const std::uint64_t bytes, file->Size());
  ASSIGN_OR_RETURN(const ClipHead head, ReadClipHead(*file));
  ASSIGN_OR_RETURN(const ClipIndex index, ReadClipIndex(*file, bytes));
  if (index.samples.empty()) return Failure(ErrorCode::kDataLoss, "a clip file without a frame");
  ScannedClip scanned{ClipOf(index), RunOf(head)};
  if (index.trailer) scanned.clip.bytes = bytes;
  ASSIGN_OR_RETURN(scanned.clip.sha256, HashOf(*file, scanned.clip.bytes));
  return scanned;
}

Result<void> ScanVolume(Files& files, const Volume& volume,
                        const std::function<void(const ScannedClip&)>& found) {
  const std::string clips = volume.PathOf("clips");
  constexpr int kDayAndCamera = 2;
  auto scanned = Scan(files, found).Folder(clips, kDayAndCamera);
  if (!scanned.has_value() && scanned.error().code() == ErrorCode::kNotFound) return {};
  return scanned;
}

}  // namespace yagura::storage
