#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "app/disagreement.h"
#include "app/evidence.h"

namespace yagura::app {

struct ReadSoFar {
  std::size_t clips = 0;
  std::uint64_t bytes = 0;
};

struct ChecksumCheck {
  ReadSoFar read;
  std::vector<Disagreement> disagreements;
};

/// Clips that have both row and file, and how long they are together: what CompareChecksums reads.
[[nodiscard]] ReadSoFar ToRead(const CatalogueEvidence& catalogue, const FoundClips& found);

/// A4: reads every byte that a row counts, and compares it with the row's SHA-256. Where they
/// differ, it names the fragments whose own checksum fails, by time and place in the file. A file
/// that is gone by now, since its clip expired, is passed over. Calls `on_clip` after each.
[[nodiscard]] ChecksumCheck CompareChecksums(const CatalogueEvidence& catalogue,
                                             const FoundClips& found, storage::Files& files,
                                             const std::function<void(const ReadSoFar&)>& on_clip);

}  // namespace yagura::app
