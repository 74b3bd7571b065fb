#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "core/access_unit.h"
#include "core/camera_stream.h"
#include "core/gap_reason.h"
#include "core/ids.h"
#include "core/json.h"
#include "core/result.h"
#include "core/time.h"

/// What the recorder tells the catalogue, in the order in which it became true. These values go
/// through the journal (docs/design/journal.md); each may arrive again after a restart or at the
/// start of a journal segment, so whoever stores them does it by their ids and takes a repetition
/// as done.
namespace yagura::storage {

using yagura::Stream;

/// Whose footage it is: the unit in charge and the floor the camera stands on, as they were when
/// the run (or gap) started.
struct Owner {
  UnitId unit;
  FloorId floor;
  friend bool operator==(const Owner&, const Owner&) = default;
};

/// How far our own clock could be trusted when a run began.
enum class ClockState : std::uint8_t {
  kUnknown = 0,
  kSynchronised = 1,
  kUnsynchronised = 2,
  kRepeated = 3,  // this wall time was lived before: our clock had been set back
};
[[nodiscard]] std::string_view ToString(ClockState state);

/// Where decoding of a clip that starts between two keyframes has to begin: `offset_bytes` is where
/// the fragment with that keyframe as its first or later sample starts in the file of `clip`.
struct KeyframeReference {
  ClipId clip;
  std::uint64_t offset_bytes = 0;
  friend bool operator==(const KeyframeReference&, const KeyframeReference&) = default;
};

/// A run began: its first fragment is about to be written.
struct RunOpened {
  RunId run;
  CameraId camera;
  Stream stream = Stream::kMain;
  Owner owner;
  ClockState clock = ClockState::kUnknown;
  MediaTime media_start;
  WallTime wall_start{};
  StreamFormat format;
  std::array<std::uint8_t, 32> init_sha256{};  // of ftyp + moov, the same in every clip of the run
  friend bool operator==(const RunOpened&, const RunOpened&) = default;
};

/// No more fragments will come for this run. `wall_end` is the end of its last stored frame, or the
/// start of the run that goes on without a gap. Comes in the same batch as the record that closes
/// its last clip, or later (recovery), never earlier.
struct RunEnded {
  RunId run;
  MediaTime media_end;
  WallTime wall_end{};
  friend bool operator==(const RunEnded&, const RunEnded&) = default;
};

/// A clip file was begun. It may hold nothing yet.
struct ClipOpened {
  ClipId clip;
  CameraId camera;
  Stream stream = Stream::kMain;
  VolumeId volume;
  Owner owner;
  ClockState clock = ClockState::kUnknown;
  MediaTime media_start;  // least PTS; pairs with wall_start
  WallTime wall_start{};
  /// Set where the clip starts between two keyframes.
  std::optional<KeyframeReference> lead_in;
  friend bool operator==(const ClipOpened&, const ClipOpened&) = default;
};

/// A keyframe of a clip: where its fragment starts in the file, and its PTS.
struct ClipKeyframe {
  std::uint64_t offset_bytes = 0;
  MediaTime media_time;
  friend bool operator==(const ClipKeyframe&, const ClipKeyframe&) = default;
};

/// Why a clip file ends where it does.
enum class ClipEnd : std::uint8_t {
  kRolled,     // the run goes on in the next clip
  kRunEnd,     // the run ended
  kRecovered,  // the recorder died; the torn tail was cut off
  kCondemned,  // a write or sync failed: the file counts up to its last successful sync
};
[[nodiscard]] std::string_view ToString(
    ClipEnd end);  // "rolled", "run_end", "recovered", "condemned"

/// A clip is complete and on the disk: its whole catalogue row. Written only after the file's fsync
/// has returned.
struct ClipClosed {
  ClipOpened opened;
  MediaTime media_end;      // the next clip's start within the run, else the end of the last frame
  WallTime wall_end{};      // the same instant in wall time
  std::uint64_t bytes = 0;  // only these count: a condemned file may be longer on the disk
  std::array<std::uint8_t, 32> sha256{};  // of these bytes
  std::uint32_t header_bytes = 0;         // ftyp + moov, the run's init segment: [0, header_bytes)
  std::uint32_t fragments_offset = 0;     // first moof: after the identity box
  std::uint32_t samples = 0;
  ClipEnd ended_by = ClipEnd::kRolled;
  /// Where the trailer starts and the fragments end; nothing where the clip has no trailer
  /// (condemned, or no space for it): then the fragments go on to `bytes` and a reader scans them.
  std::optional<std::uint64_t> trailer_offset;
  std::vector<ClipKeyframe> keyframes;
  friend bool operator==(const ClipClosed&, const ClipClosed&) = default;
};

/// A clip that was opened holds no whole fragment: it is as if it had never been. Its file is gone
/// or about to go.
struct ClipVoided {
  ClipId clip;
  friend bool operator==(const ClipVoided&, const ClipVoided&) = default;
};

/// From `from` on a camera that was due is not recorded.
struct GapOpened {
  GapId gap;
  CameraId camera;
  Stream stream = Stream::kMain;
  Owner owner;
  GapReason reason = GapReason::kRecorderRestart;
  WallTime from{};
  friend bool operator==(const GapOpened&, const GapOpened&) = default;
};

/// The gap is [from, to). Where `to` equals the gap's `from` there was none after all: readers
/// leave it out.
struct GapEnded {
  GapId gap;
  WallTime to{};
  friend bool operator==(const GapEnded&, const GapEnded&) = default;
};

/// The recorder ran at this instant. Comes every few seconds; after a crash it dates the end of
/// gaps that were open.
struct Alive {
  WallTime at{};
  friend bool operator==(const Alive&, const Alive&) = default;
};

using ClockStepId = Id<struct ClockStepTag>;

/// Our clock was set by half a second or more: it went on from `after` where it would have shown
/// `before`. Where `after` is the earlier one, [after, before) is lived twice.
struct ClockStepped {
  ClockStepId step;
  WallTime before{};
  WallTime after{};
  friend bool operator==(const ClockStepped&, const ClockStepped&) = default;
};

/// What a camera's own clock shows beside ours, from `at` on: noted when it is first known, when it
/// was set, and every ten minutes at most while it drifts.
struct CameraClockNoted {
  CameraId camera;
  WallTime at{};
  microseconds offset{};                  // camera's minus ours
  std::optional<std::int64_t> drift_ppb;  // how fast it runs away; nothing before a minute
  friend bool operator==(const CameraClockNoted&, const CameraClockNoted&) = default;
};

/// What of a camera's media never came whole, or was dropped by us, in [from, to). Only where
/// something was.
struct ReceptionNoted {
  CameraId camera;
  WallTime from{};
  WallTime to{};
  std::uint64_t packets_lost = 0;
  std::uint64_t frames_damaged = 0;
  std::uint64_t fragments_dropped = 0;  // a queue or a volume of ours refused them
  friend bool operator==(const ReceptionNoted&, const ReceptionNoted&) = default;
};

using JournalRecord =
    std::variant<RunOpened, RunEnded, ClipOpened, ClipClosed, ClipVoided, GapOpened, GapEnded,
                 Alive, ClockStepped, CameraClockNoted, ReceptionNoted>;

/// One JSON object with a member "type"; docs/design/journal.md lists the members.
[[nodiscard]] Json ToJson(const JournalRecord& record);
/// kUnimplemented: of a type that only a newer program knows. kDataLoss: not what ToJson writes.
[[nodiscard]] Result<JournalRecord> ParseJournalRecord(const Json& json);

}  // namespace yagura::storage
