#pragma once

#include <cstddef>
#include <vector>

#include "core/calendar.h"
#include "core/time.h"
#include "storage/files.h"
#include "storage/journal.h"
#include "storage/volume.h"

namespace yagura::storage {

/// Where set-aside files lie below a volume's root.
inline constexpr const char* kAsideFolder = "aside";

struct OrphanSweep {
  std::size_t removed = 0;    // held no whole fragment, or were void
  std::size_t set_aside = 0;  // held some
};

/// Finds clip files that the journal doesn't know: a power cut can leave such, where the disk kept
/// a file and lost the last second of the journal, and so can a disk that refused to unlink a void
/// one. What they hold lies in a gap already. Those without a whole fragment are removed, the
/// others moved to kAsideFolder. Only files last changed within `changed` are looked at: what is
/// older was known when it was written, what is newer is being written. And of these only clips
/// changed since the journal's oldest segment began, which would name them: segments go once the
/// catalogue has them (Journal::KeepSegments), and with them the names of what is older. Beside the
/// recording; errors are logged.
OrphanSweep SweepOrphans(Files& files, const std::vector<const Volume*>& volumes,
                         const OfficeCalendar& calendar, Journal& journal,
                         const WallRange& changed);

}  // namespace yagura::storage
