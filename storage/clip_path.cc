#include "storage/clip_path.h"

namespace yagura::storage {
namespace {
constexpr std::string_view kSuffix = ".mp4";
}

std::string ClipPath(const OfficeCalendar& calendar, const CameraId& camera, const ClipId& clip,
                     WallTime wall_start) {
  std::string path = "clips/" + calendar.Date(wall_start) + "/" + ToString(camera) + "/";
  path += ToString(clip);
  path += kSuffix;
  return path;
}

std::string ClipPath(const OfficeCalendar& calendar, const ClipOpened& clip) {
  return ClipPath(calendar, clip.camera, clip.clip, clip.wall_start);
}

std::optional<ClipId> ParseClipFileName(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  return ParseClipId(name.substr(0, name.size() - kSuffix.size()));
}

}  // namespace yagura::storage
