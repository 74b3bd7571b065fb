#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/shared_bytes.h"
#include "core/time.h"
#include "storage/bytes.h"
#include "storage/journal_records.h"

namespace yagura::storage {

/// What all fragments of a run have in common. Immutable, shared.
struct Run {
  RunOpened opened;           // its start is that of the first fragment: set by whoever writes that
  std::uint64_t ordinal = 0;  // rises with each run of a stream
  ClockState clock = ClockState::kUnknown;  // of the machine; `opened` may say repeated instead
  std::vector<std::uint8_t> init_segment;
};

/// One frame in a fragment.
struct Sample {
  std::uint32_t size_bytes = 0;
  std::uint32_t duration_90k = 0;
  std::int32_t composition_90k = 0;  // PTS - DTS
  bool keyframe = false;
  friend bool operator==(const Sample&, const Sample&) = default;
};

/// Where a fragment stands in its run.
enum class Boundary : std::uint8_t { kNone, kStartsClip, kStartsRun };

/// `moof` + `mdat` of one stretch of a run, ready to be written by one writev. Its bytes are `head`
/// and then `media`, nothing between.
struct Fragment {
  std::shared_ptr<const Run> run;
  Boundary boundary = Boundary::kNone;
  std::uint32_t moof_bytes = 0;
  std::vector<std::uint8_t> head;  // moof, and the header of mdat
  std::vector<SharedBytes> media;  // the access units' own bytes
  std::vector<Sample> samples;
  std::uint64_t size_bytes = 0;  // head and media
  MediaTime first_dts;
  MediaTime start;        // least PTS
  MediaTime end;          // until when every frame of the run is there, from its start on
  WallTime wall_start{};  // of `start`
  WallTime wall_end{};    // of `end`
  /// A clip that starts here lies in a wall time that has footage already, or may reach it.
  bool repeated = false;
};

/// Length of a `moof` of ours with `samples` samples.
[[nodiscard]] std::uint32_t MoofBytes(std::size_t samples);
inline constexpr std::uint32_t kMdatHeaderBytes = 8;

/// Makes `head` (with its checksum) from samples, media and first_dts. `sequence` is the number in
/// `mfhd`, from 1 on; `media_crc` the CRC-32C of all of `media`, which isn't read again.
void FinishFragment(Fragment& fragment, std::uint32_t sequence, std::uint32_t media_crc);

/// What a `moof` of ours says.
struct ParsedMoof {
  std::uint32_t sequence = 0;
  MediaTime first_dts;
  std::vector<Sample> samples;
  std::uint32_t media_bytes = 0;  // sum of the samples
  std::uint32_t checksum = 0;     // of the fragment
  std::uint32_t checksum_at = 0;  // where it stands in the moof
};
/// Reads the `moof` that is the whole of `moof`. kDataLoss where it is not of our form.
[[nodiscard]] Result<ParsedMoof> ParseMoof(ByteView moof);

}  // namespace yagura::storage
