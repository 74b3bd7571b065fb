#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/sent_log.h"
#include "core/time.h"

namespace yagura::app {

/// A frame found in a clip file, by the stamp in it.
struct StoredFrame {
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  std::uint32_t crc = 0;  // computed over what is stored
  bool intact = false;    // the stamp's own CRC agrees with it
  WallTime dated{};       // when it was captured, as the clip says
  std::string place;      // clip and sample, for the report
};

/// What is known of one camera: by its farm (the sent log), by its files, by its gap rows.
struct CameraEvidence {
  std::uint32_t number = 0;         // in its path, /camera/<number>
  std::string name;                 // how the report calls it
  std::vector<StoredFrame> stored;  // of all files
  std::vector<WallRange> gaps;      // an open gap ends at `settled_until` or later
  std::vector<WallRange> due;       // when it was to be recorded
  WallTime settled_until{};         // frames sent later may still be in the recorder's memory
};

/// What became of the frames that one camera sent while it was due.
struct SentVerdict {
  std::int64_t sent = 0;
  std::int64_t stored = 0;                 // once and unchanged
  std::int64_t in_gaps = 0;                // missing, and a gap row says why
  std::int64_t unsettled = 0;              // newer than what must be on the disk by now
  std::int64_t lost = 0;                   // missing without a word
  std::int64_t broken = 0;                 // of `sent`: broken on the way by their farm's script
  std::vector<std::string> disagreements;  // every other thing that should not be; lost frames are
                                           // summed up as one each stretch
};

/// How far, beyond one frame interval, the edges of a gap may lie from a missing frame's instant:
/// its camera's own, or that moved by as much as the recorder dated the next stored frame before or
/// after it late or early, by ingest::WallClock::kMaxError at most (a session whose first frames
/// come late is dated late as a whole, and so are its gaps).
inline constexpr microseconds kInstantTolerance{50'000};

/// Judges one camera: each frame sent is stored once and unchanged, or lies inside a gap. Pure.
[[nodiscard]] SentVerdict JudgeSentFrames(const SentLog& log, const CameraEvidence& camera);

}  // namespace yagura::app
