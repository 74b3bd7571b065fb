#pragma once

#include <vector>

#include "app/disagreement.h"
#include "app/evidence.h"
#include "core/time.h"

namespace yagura::app {

struct AgreementCounts {
  std::size_t rows = 0;
  std::size_t files = 0;
  std::size_t in_journal = 0;  // files that are open, or closed with a row still to come
};

/// Compares rows, files and journal:
/// - A1: each row has its file, unless it says that this has left for the object store, as long as
/// the row says, of the camera, run and owner that the row
///   names;
/// - A2: each file has a row, or the journal has it open, or closed and not in the catalogue yet,
///   or it is expiring;
/// - A3: nothing else lies below clips/.
///
/// What is in the files: checksum_check.h. What is in the object store: object_check.h.
/// Pure.
[[nodiscard]] std::vector<Disagreement> CompareFiles(const CatalogueEvidence& catalogue,
                                                     const JournalEvidence& journal,
                                                     const FoundClips& found,
                                                     AgreementCounts& counts);

/// Until when the catalogue must account for a camera's time, and what it has so far.
struct CoverageCheck {
  microseconds due{};
  microseconds recorded{};
  microseconds in_gaps{};
  std::vector<Disagreement> disagreements;
};
/// Due = recorded + gaps for one camera's main stream, up to `until`. Clips that are open in the
/// journal count as recorded from their start on. What is due but was deleted (retention) counts as
/// recorded once. Where our clock was set back, a time may be recorded in one life and in a gap of
/// the other. Pure.
[[nodiscard]] CoverageCheck CompareCoverage(const fleet::RecordedCamera& camera,
                                            const CatalogueEvidence& catalogue,
                                            const JournalEvidence& journal, WallTime until);

}  // namespace yagura::app
