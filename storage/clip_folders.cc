#include "storage/clip_folders.h"

#include <cstdio>

#include "storage/clip_path.h"

namespace yagura::storage {
namespace {

/// The day of a folder's name.
std::optional<ClipFolders::Day> DayOf(const std::string& name, const OfficeCalendar& calendar) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(name.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return std::nullopt;
  const auto midnight = calendar.At(year, month, day, std::chrono::seconds(0));
  if (!midnight || calendar.Date(*midnight) != name) return std::nullopt;
  return ClipFolders::Day{name, {*midnight, calendar.MidnightAfter(*midnight)}};
}

}  // namespace

Result<std::vector<FolderEntry>> ClipFolders::List(const std::string& folder) {
  auto entries = files_.List(folder);
  if (!entries.has_value() && entries.error().code() == ErrorCode::kNotFound) {
    return std::vector<FolderEntry>();
  }
  return entries;
}

Result<std::vector<ClipFolders::Day>> ClipFolders::Days() {
  std::map<std::string, Day> days;
  for (const ClipVolume& volume : volumes_) {
    const std::string folder = volume.root + "/clips";
    ASSIGN_OR_RETURN(const auto entries, List(folder));
    for (const FolderEntry& entry : entries) {
      if (const auto day = DayOf(entry.name, calendar_); day && entry.is_folder) {
        days.emplace(entry.name, *day);
      } else {
        on_stranger_(folder + "/" + entry.name + ": no day's folder");
      }
    }
  }
  std::vector<Day> newest_first;
  for (auto day = days.rbegin(); day != days.rend(); ++day) newest_first.push_back(day->second);
  return newest_first;
}

Result<std::set<CameraId>> ClipFolders::CamerasOf(const Day& day) {
  std::set<CameraId> cameras;
  for (const ClipVolume& volume : volumes_) {
    const std::string folder = volume.root + "/clips/" + day.date;
    ASSIGN_OR_RETURN(const auto entries, List(folder));
    for (const FolderEntry& entry : entries) {
      if (const auto camera = ParseId<CameraId>(entry.name); camera && entry.is_folder) {
        cameras.insert(*camera);
      } else {
        on_stranger_(folder + "/" + entry.name + ": no camera's folder");
      }
    }
  }
  return cameras;
}

Result<ClipFolders::FoundFiles> ClipFolders::FilesOf(const Day& day, const CameraId& camera) {
  FoundFiles found;
  for (const ClipVolume& volume : volumes_) {
    const std::string folder = volume.root + "/clips/" + day.date + "/" + ToString(camera);
    ASSIGN_OR_RETURN(const auto entries, List(folder));
    for (const FolderEntry& entry : entries) {
      const std::string path = folder + "/" + entry.name;
      const auto id = ParseClipFileName(entry.name);
      if (!id || entry.is_folder) {
        on_stranger_(path + ": no clip's name");
      } else if (!found.emplace(*id, FoundFile{path, volume.id}).second && !volume.is_store) {
        on_stranger_(path + ": lies on another volume too");
      }
    }
  }
  return found;
}

ClipFolders::Day ClipFolders::DayBefore(const Day& day) const {
  const WallTime midnight = calendar_.MidnightBefore(day.range.from - std::chrono::hours(1));
  return {calendar_.Date(midnight), {midnight, day.range.from}};
}

}  // namespace yagura::storage
