#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "core/result.h"
#include "storage/clip_reader.h"
#include "storage/files.h"
#include "storage/journal.h"
#include "storage/volume.h"

/// What a start does about what a crash left (docs/design/clip-format.md, "Recovery"). First,
/// before anything is recorded, the few clips that the journal has open are cut back to their whole
/// fragments, and each stream gets a gap from there on; this reads only the ends of files. Then,
/// beside the recording, these clips are synced, hashed and closed.
namespace yagura::storage {

/// A clip cut back to what is whole in it, with its trailer, not yet synced.
struct SalvagedClip {
  ClipOpened opened;
  std::string path;
  ClipIndex index;
  /// Nothing whole was in it.
  bool is_void = false;
  /// No later clip of its run is open.
  bool ends_run = false;
  MediaTime media_end;
  WallTime wall_end{};
};

/// Finds the last whole fragment of the file at `path`, looking at every byte of its last few; cuts
/// off what is behind. Writes nothing else. A missing file, or one without a whole fragment, is
/// void. kUnavailable: the disk refuses.
[[nodiscard]] Result<SalvagedClip> SalvageClip(Files& files, const std::string& path,
                                               const ClipOpened& opened);

/// Makes a salvaged clip complete: trailer (where it has none), fsync, fsync of its folder, hash.
/// Its record, to be journalled.
[[nodiscard]] Result<ClipClosed> FinishSalvaged(Files& files, const SalvagedClip& clip);

/// All that a start has to do for one stream.
struct StreamRecovery {
  CameraId camera;
  Stream stream = Stream::kMain;
  std::vector<SalvagedClip> clips;
  /// To be journalled as one batch: gaps and ends of runs that are known now.
  std::vector<JournalRecord> records;
};

/// The first step, for every stream that `state` has something open of. A clip whose volume is not
/// in `volumes`, or whose disk refuses, stays open in the journal for a later start: its stream
/// goes on, with a gap from the clip's start. No stream's trouble is another's.
[[nodiscard]] std::vector<StreamRecovery> SalvageStreams(Files& files,
                                                         const std::vector<const Volume*>& volumes,
                                                         const OfficeCalendar& calendar,
                                                         const JournalState& state, WallTime now);

/// The second step for one salvaged clip: its records, as one batch.
[[nodiscard]] Result<std::vector<JournalRecord>> FinishRecords(Files& files,
                                                               const SalvagedClip& clip);

}  // namespace yagura::storage
