#include "app/evidence.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <variant>

#include "storage/clip_path.h"
#include "storage/clip_reader.h"
#include "storage/journal_segment.h"
#include "storage/volume.h"

namespace yagura::app {
namespace {

using storage::FolderEntry;

/// The entries of a folder; none where it is gone.
Result<std::vector<FolderEntry>> ListIfThere(storage::Files& files, const std::string& folder) {
  auto entries = files.List(folder);
  if (!entries.has_value() && entries.error().code() == ErrorCode::kNotFound) {
    return std::vector<FolderEntry>();
  }
  return entries;
}

class Finder {
 public:
  Finder(storage::Files& files, VolumeId volume) : files_(files), volume_(volume) {}

  Result<void> Day(const std::string& folder) {
    ASSIGN_OR_RETURN(const auto cameras, ListIfThere(files_, folder));
    for (const FolderEntry& entry : cameras) {
      const auto camera = ParseId<CameraId>(entry.name);
      if (!camera || !entry.is_folder) {
        found_.strangers.push_back(folder + "/" + entry.name);
        continue;
      }
      RETURN_IF_ERROR(Camera(*camera, folder + "/" + entry.name));
    }
    return {};
  }
  FoundClips Take() { return std::move(found_); }

 private:
  Result<void> Camera(CameraId camera, const std::string& folder) {
    ASSIGN_OR_RETURN(const auto clips, ListIfThere(files_, folder));
    for (const FolderEntry& entry : clips) {
      const auto clip = storage::ParseClipFileName(entry.name);
      const std::string path = folder + "/" + entry.name;
      if (!clip || entry.is_folder) {
        found_.strangers.push_back(path);
      } else {
        Clip(camera, *clip, path);
      }
    }
    return {};
  }
  void Clip(CameraId camera, const ClipId& id, const std::string& path) {
    const auto file = files_.OpenToRead(path);
    if (!file.has_value()) return;  // expired while we looked
    FoundClip clip{.path = path, .camera = camera, .volume = volume_, .identity = {}};
    clip.bytes = (*file)->Size().value_or(0);
    if (const auto head = storage::ReadClipHead(**file); head.has_value()) {
      clip.readable = true;
      clip.identity = head->identity;
    }
    found_.clips.emplace(id, std::move(clip));
  }

  storage::Files& files_;
  VolumeId volume_;
  FoundClips found_;
};

void Note(const storage::JournalRecord& record, JournalEvidence& evidence) {
  evidence.open.Apply(record);
  if (const auto* closed = std::get_if<storage::ClipClosed>(&record)) {
    evidence.closed.insert_or_assign(closed->opened.clip, *closed);
  } else if (const auto* voided = std::get_if<storage::ClipVoided>(&record)) {
    evidence.voided.insert(voided->clip);
  } else if (const auto* gap = std::get_if<storage::GapOpened>(&record)) {
    evidence.gaps.try_emplace(gap->gap, storage::GapRow{.id = gap->gap,
                                                        .camera = gap->camera,
                                                        .stream = gap->stream,
                                                        .owner = gap->owner,
                                                        .reason = gap->reason,
                                                        .start = gap->from,
                                                        .end = std::nullopt});
  } else if (const auto* ended = std::get_if<storage::GapEnded>(&record)) {
    if (const auto known = evidence.gaps.find(ended->gap); known != evidence.gaps.end()) {
      known->second.end = ended->to;
    }
  }
}

}  // namespace

Result<JournalEvidence> ReadJournalEvidence(storage::Files& files, const std::string& folder) {
  JournalEvidence evidence;
  RETURN_IF_ERROR(storage::VisitJournal(
      files, folder, [&](const storage::JournalRecord& record) { Note(record, evidence); }));
  return evidence;
}

void AddGapsOf(const JournalEvidence& journal, CatalogueEvidence& catalogue) {
  for (const auto& [id, gap] : journal.gaps) {
    const auto camera = catalogue.gaps.find(gap.camera);
    if (camera == catalogue.gaps.end() || gap.stream != storage::Stream::kMain) continue;
    std::vector<storage::GapRow>& rows = camera->second;
    std::erase_if(rows, [known = id](const storage::GapRow& row) { return row.id == known; });
    if (!gap.end || *gap.end > gap.start) rows.push_back(gap);
  }
  for (auto& [camera, rows] : catalogue.gaps) {
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return std::tie(a.start, a.id) < std::tie(b.start, b.id);
    });
  }
}

Result<FoundClips> FindClips(storage::Files& files, const std::string& root) {
  ASSIGN_OR_RETURN(const auto volume, storage::Volume::Open(files, {.root = root}));
  Finder finder(files, volume->id());
  ASSIGN_OR_RETURN(const auto days, ListIfThere(files, root + "/clips"));
  for (const FolderEntry& day : days) RETURN_IF_ERROR(finder.Day(root + "/clips/" + day.name));
  return finder.Take();
}

}  // namespace yagura::app
