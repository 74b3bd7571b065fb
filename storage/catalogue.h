#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/gap_reason.h"
#include "core/ids.h"
#include "core/time.h"
#include "storage/journal_records.h"

/// The catalogue's rows as values: what lies on the volumes, and what is missing and why. How they
/// get there: catalogue_pg.h; how they are asked for: clip_queries_pg.h.
namespace yagura::storage {

/// One clip file. Equal to RowOf(its ClipClosed record).
struct ClipRow {
  ClipId id;
  CameraId camera;
  Stream stream = Stream::kMain;
  Owner owner;
  VolumeId volume;
  ClockState clock = ClockState::kUnknown;
  WallTime start{};  // presentation of its first frame; pairs with media_start
  WallTime end{};
  MediaTime media_start;
  MediaTime media_end;
  std::uint64_t bytes = 0;
  std::uint32_t header_bytes = 0;      // [0, header_bytes) is the run's init segment
  std::uint32_t fragments_offset = 0;  // where the first fragment starts
  std::optional<std::uint64_t>
      trailer_offset;  // where the fragments end; nothing: at `bytes`, and there is no trailer
  std::array<std::uint8_t, 32> sha256{};
  std::uint32_t samples = 0;
  std::vector<ClipKeyframe> keyframes;
  std::optional<KeyframeReference> lead_in;  // set where it starts between two keyframes
  ClipEnd ended_by = ClipEnd::kRolled;
  bool on_volume = true;  // its file; else it is to be read from the object store alone
  bool in_store = false;  // a copy that was read back lies in the object store
  friend bool operator==(const ClipRow&, const ClipRow&) = default;
};
[[nodiscard]] ClipRow RowOf(const ClipClosed& clip);

struct RunRow {
  RunId id;
  CameraId camera;
  Stream stream = Stream::kMain;
  Owner owner;
  ClockState clock = ClockState::kUnknown;
  WallTime start{};
  std::optional<WallTime> end;  // nothing: it goes on
  MediaTime media_start;
  std::optional<MediaTime> media_end;
  std::string codec;  // RFC 6381, "avc1.4d401f", "hvc1.1.6.L93.B0"
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::array<std::uint8_t, 32> init_sha256{};
  friend bool operator==(const RunRow&, const RunRow&) = default;
};
[[nodiscard]] RunRow RowOf(const RunOpened& run);

struct GapRow {
  GapId id;
  CameraId camera;
  Stream stream = Stream::kMain;
  Owner owner;
  GapReason reason = GapReason::kRecorderRestart;
  WallTime start{};
  std::optional<WallTime> end;  // nothing: it goes on
  friend bool operator==(const GapRow&, const GapRow&) = default;
};

}  // namespace yagura::storage
