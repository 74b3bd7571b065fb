#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"
#include "storage/clip_reader.h"
#include "storage/files.h"
#include "storage/journal_records.h"

namespace yagura::storage {

/// What a clip's file says of it when nobody else does: as the catalogue's row has it.
struct ToldClip {
  ClipClosed clip;
  /// Its run, as far as this clip knows it: the run's own record where the clip is its first.
  RunOpened run;
  /// Fragments in it are not as they were written.
  std::size_t damaged_fragments = 0;
};

/// Reads all of the file at `path`. Where it has no trailer (no space for it, condemned, or cut off
/// by a crash that nobody recovered) it counts up to its last whole fragment, or, where the run
/// goes on in the file at `next_path`, up to where that one takes over: what a condemned file has
/// beyond is there once more. Why such a file ended, it can't say: `condemned`. Its volume is what
/// its identity says. kDataLoss: no clip file of ours, or no whole fragment in it. kNotFound,
/// kUnavailable: of Files.
[[nodiscard]] Result<ToldClip> TellClip(Files& files, const std::string& path,
                                        const std::optional<std::string>& next_path);

/// A clip's run, as far as its head knows it; of a run's first clip, the run's own record.
[[nodiscard]] RunOpened RunOf(const ClipHead& head);

}  // namespace yagura::storage
