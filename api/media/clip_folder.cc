#include "api/media/clip_folder.h"

#include "storage/clip_path.h"

namespace yagura::api {
namespace {

/// A file that its row promises and that isn't there is a loss, not an unknown id.
Error AsLoss(const Error& error, const storage::ClipRow& clip) {
  const bool missing =
      error.code() == ErrorCode::kNotFound || error.code() == ErrorCode::kOutOfRange;
  return Error(missing ? ErrorCode::kDataLoss : error.code(),
               "clip " + ToString(clip.id) + ": " + error.message());
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
  if (!file.has_value()) return Failure(AsLoss(file.error(), clip));
  auto index = storage::ReadClipIndex(**file, clip.bytes);
  if (!index.has_value()) return Failure(AsLoss(index.error(), clip));
  if (index->identity.clip != clip.id)
    return Failure(ErrorCode::kDataLoss,
                   "clip " + ToString(clip.id) + ": the file is of another clip");
  return index;
}

Result<std::vector<std::uint8_t>> ClipFolder::ReadInit(const std::string& path,
                                                       const storage::ClipRow& clip) const {
  const auto file = files_.OpenToRead(path);
  if (!file.has_value()) return Failure(AsLoss(file.error(), clip));
  auto head = storage::ReadClipHead(**file);
  if (!head.has_value()) return Failure(AsLoss(head.error(), clip));
  if (head->identity.clip.run != clip.id.run)
    return Failure(ErrorCode::kDataLoss,
                   "clip " + ToString(clip.id) + ": the file is of another run");
  return std::move(head->init_segment);
}

}  // namespace yagura::api
