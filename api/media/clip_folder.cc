#include "api/media/clip_folder.h"

#include "storage/clip_path.h"
#include "storage/sha256.h"

namespace yagura::api {
namespace {

/// A file that its row promises and that isn't there is a loss, not an unknown id.
Error AsLoss(const Error& error, const ClipId& clip) {
  const bool missing =
      error.code() == ErrorCode::kNotFound || error.code() == ErrorCode::kOutOfRange;
  return Error(missing ? ErrorCode::kDataLoss : error.code(),
               "clip " + ToString(clip) + ": " + error.message());
}

tl::unexpected<Error> Loss(const ClipId& clip, const std::string& what) {
  return Failure(ErrorCode::kDataLoss, "clip " + ToString(clip) + ": " + what);
}

}  // namespace

Result<std::string> ClipFolder::PathOf(const std::map<VolumeId, std::string>& volume_paths,
                                       const storage::ClipRow& clip) const {
  const auto volume = volume_paths.find(clip.volume);
  if (volume == volume_paths.end())
    return Failure(ErrorCode::kUnavailable, "no volume " + ToString(clip.volume));
  return volume->second + "/" + storage::ClipPath(calendar_, clip.camera, clip.id, clip.start);
}

Result<storage::ClipIndex> ClipFolder::ReadIndex(const std::string& path,
                                                 const storage::ClipRow& clip) const {
  const auto file = files_.OpenToRead(path);
  if (!file.has_value()) return Failure(AsLoss(file.error(), clip.id));
  auto index = storage::ReadClipIndex(**file, clip.bytes);
  if (!index.has_value()) return Failure(AsLoss(index.error(), clip.id));
  if (index->identity.clip != clip.id) return Loss(clip.id, "the file is of another clip");
  return index;
}

Result<std::vector<std::uint8_t>> ClipFolder::ReadInit(
    const std::string& path, const storage::ClipRow& clip,
    const std::array<std::uint8_t, 32>& sha256) const {
  const auto file = files_.OpenToRead(path);
  if (!file.has_value()) return Failure(AsLoss(file.error(), clip.id));
  auto head = storage::ReadClipHead(**file);
  if (!head.has_value()) return Failure(AsLoss(head.error(), clip.id));
  if (head->identity.clip.run != clip.id.run) return Loss(clip.id, "the file is of another run");
  if (storage::Sha256Of(head->init_segment) != sha256) return Loss(clip.id, "its head is damaged");
  return std::move(head->init_segment);
}

Result<void> ClipFolder::Check(const std::string& path, const ClipId& clip,
                               std::span<const storage::IndexedFragment> fragments,
                               std::uint64_t begin, std::uint64_t end) const {
  const auto file = files_.OpenToRead(path);
  if (!file.has_value()) return Failure(AsLoss(file.error(), clip));
  std::vector<std::uint8_t> buffer;
  (*file)->StartReading(begin, end - begin);
  for (const storage::IndexedFragment& fragment : fragments) {
    if (fragment.offset_bytes + fragment.size_bytes <= begin || fragment.offset_bytes >= end)
      continue;
    const auto whole = storage::FragmentIsWhole(**file, fragment, buffer);
    if (!whole.has_value()) return Failure(AsLoss(whole.error(), clip));
    if (!*whole)
      return Loss(clip, "damaged from byte " + std::to_string(fragment.offset_bytes) + " on");
  }
  return {};
}

}  // namespace yagura::api
