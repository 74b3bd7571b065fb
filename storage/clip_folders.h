#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/calendar.h"
#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/files.h"

namespace yagura::storage {

/// A volume that is there.
struct ClipVolume {
  VolumeId id;
  std::string root;
  bool is_store = false;  // the object store (store_files.h): what lies on a volume too is its copy
};

/// The names of clip files, "clips/<day>/<camera>/<run>.<sequence>.mp4", on all volumes together.
/// What bears another name is told to `on_stranger`, in words. Errors of Files; what isn't there,
/// or vanishes, is left out. One thread.
class ClipFolders {
 public:
  struct Day {
    std::string date;  // "2027-06-15"
    WallRange range;
  };
  struct FoundFile {
    std::string path;
    VolumeId volume;
  };
  using FoundFiles = std::map<ClipId, FoundFile>;
  using OnStranger = std::function<void(std::string what)>;

  ClipFolders(Files& files, std::vector<ClipVolume> volumes, const OfficeCalendar& calendar,
              OnStranger on_stranger)
      : files_(files),
        volumes_(std::move(volumes)),
        calendar_(calendar),
        on_stranger_(std::move(on_stranger)) {}

  /// The newest first.
  [[nodiscard]] Result<std::vector<Day>> Days();
  [[nodiscard]] Result<std::set<CameraId>> CamerasOf(const Day& day);
  [[nodiscard]] Result<FoundFiles> FilesOf(const Day& day, const CameraId& camera);
  [[nodiscard]] Day DayBefore(const Day& day) const;

 private:
  [[nodiscard]] Result<std::vector<FolderEntry>> List(const std::string& folder);

  Files& files_;
  const std::vector<ClipVolume> volumes_;
  const OfficeCalendar& calendar_;
  const OnStranger on_stranger_;
};

}  // namespace yagura::storage
