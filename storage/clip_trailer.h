#pragma once

#include <cstdint>
#include <vector>

#include "core/result.h"
#include "storage/fragment.h"

namespace yagura::storage {

/// Everything a reader wants to know of a clip's frames, in about three bytes each; the last box of
/// a clip file (docs/design/clip-format.md, "Trailer").
struct ClipTrailer {
  struct FragmentEntry {
    std::uint32_t samples = 0;
    std::uint32_t moof_bytes = 0;
    friend bool operator==(const FragmentEntry&, const FragmentEntry&) = default;
  };
  ClipEnd ended_by = ClipEnd::kRolled;
  std::uint64_t fragments_offset =
      0;                // of the first; they lie side by side from here to the trailer
  MediaTime first_dts;  // the other frames' follow by adding durations
  MediaTime media_end;
  WallTime wall_end{};
  std::vector<FragmentEntry> fragments;
  std::vector<Sample> samples;
  friend bool operator==(const ClipTrailer&, const ClipTrailer&) = default;

  /// Adds a fragment that was written behind the others.
  void Add(const Fragment& fragment) { Add(fragment.moof_bytes, fragment.samples); }
  void Add(std::uint32_t moof_bytes, std::span<const Sample> more);
};

/// The last bytes of a file with a trailer: its checksum, the length of the whole box and a mark.
inline constexpr std::size_t kTrailerFooterBytes = 16;
/// No trailer is longer: 120 s at 240 frames a second need 0.4 MiB.
inline constexpr std::uint32_t kTrailerBytesMax = 4 * 1024 * 1024;

[[nodiscard]] std::vector<std::uint8_t> BuildTrailer(const ClipTrailer& trailer);
/// Length of the trailer box that `footer`, the last kTrailerFooterBytes of a file, ends.
/// kNotFound: it ends none.
[[nodiscard]] Result<std::uint32_t> TrailerBytes(ByteView footer);
/// kDataLoss: `box` is not a whole trailer, or damaged.
[[nodiscard]] Result<ClipTrailer> ParseTrailer(ByteView box);

}  // namespace yagura::storage
