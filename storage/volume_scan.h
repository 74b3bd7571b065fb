#pragma once

#include <functional>

#include "core/result.h"
#include "storage/files.h"
#include "storage/journal_records.h"
#include "storage/volume.h"

namespace yagura::storage {

/// What a clip file says of itself: enough for its row, and for its run's.
struct ScannedClip {
  ClipClosed clip;
  /// Its start is that of this clip: the run's is the least of all its clips'. Reorder depth is
  /// unknown, 0.
  RunOpened run;
};

/// Reads and hashes the whole clip file at `path`. One without a trailer ends with its last whole
/// fragment; its end is that of its last frame. kDataLoss: no clip file of ours, or nothing whole
/// in it.
[[nodiscard]] Result<ScannedClip> ScanClip(Files& files, const std::string& path);

/// What is left of a catalogue that is lost: every clip file of `volume`, in no particular order.
/// Files that are none of ours are passed over with a warning. Gaps are in no file.
[[nodiscard]] Result<void> ScanVolume(Files& files, const Volume& volume,
                                      const std::function<void(const ScannedClip&)>& found);

}  // namespace yagura::storage
