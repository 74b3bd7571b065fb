#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "fleet/recorder_view.h"
#include "storage/catalogue.h"
#include "storage/files.h"
#include "storage/journal_state.h"

/// What `yagura check` compares: what the catalogue says, what the journal says, what lies on the
/// volumes.
namespace yagura::app {

struct CatalogueEvidence {
  fleet::RecorderView view;
  /// Those of the main stream, by start, then those of the sub stream.
  std::map<CameraId, std::vector<storage::ClipRow>> clips;
  // Of main streams: what a sub stream misses, nobody was promised.
  std::map<CameraId, std::vector<storage::GapRow>> gaps;  // by start
  std::map<CameraId, std::vector<WallRange>> deleted;     // by retention, with proof
  std::set<ClipId> expiring;                              // marked, not deleted yet
  std::vector<WallRange> lived_twice;                     // our clock was set back
};

struct JournalEvidence {
  storage::JournalState open;
  std::map<ClipId, storage::ClipClosed> closed;  // of the segments that are still there
  std::set<ClipId> voided;
  std::map<GapId, storage::GapRow> gaps;  // of the segments that are still there
};
/// Reads the journal's segments without taking part in it; the recorder may be running.
/// kUnavailable: the folder can't be read.
[[nodiscard]] Result<JournalEvidence> ReadJournalEvidence(storage::Files& files,
                                                          const std::string& folder);

/// Brings into `catalogue` the gaps of main streams that the journal knows better: rows still to
/// come, ends still to come. What ended where it began was none.
void AddGapsOf(const JournalEvidence& journal, CatalogueEvidence& catalogue);

/// A clip file as it lies there.
struct FoundClip {
  std::string path;
  CameraId camera;  // by its folder
  VolumeId volume;  // that it lies on
  std::uint64_t bytes = 0;
  bool readable = false;         // it has a head of ours
  storage::ClipOpened identity;  // of the head, where readable
};
struct FoundClips {
  std::map<ClipId, FoundClip> clips;
  std::vector<std::string> strangers;  // other files below clips/
};
/// Everything below clips/ of the volume at `root`. Errors of Files; a file that vanishes meanwhile
/// is left out.
[[nodiscard]] Result<FoundClips> FindClips(storage::Files& files, const std::string& root);

}  // namespace yagura::app
