#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ingest/supervisor.h"
#include "storage/journal_records.h"

namespace yagura::app {

/// What of the cameras' present state outlives the recorder beside runs and gaps: their clocks, and
/// what of their media was lost on the way. Asked often, it answers seldom: a record for each
/// change of a clock that is worth telling, and one for ten minutes of a camera that loses
/// something. Pure; one thread.
class CameraNotes {
 public:
  /// A camera's clock was set: told at once, and once a minute where it is set again and again.
  static constexpr microseconds kClockSet{500'000};
  static constexpr std::chrono::minutes kSetEach{1};
  /// It has drifted this far since it was told last: told with the next ten minutes.
  static constexpr microseconds kClockDrifted{100'000};
  static constexpr std::chrono::minutes kEach{10};

  using Records = std::vector<storage::JournalRecord>;
  using Dropped = std::map<CameraId, std::uint64_t>;
  /// `cameras`: main streams. `dropped`: fragments that we refused, since the recorder started.
  /// Cameras that are left out are forgotten, with a last word of what they lost.
  [[nodiscard]] Records Look(const std::vector<ingest::CameraStatus>& cameras,
                             const Dropped& dropped, WallTime now, MonoTime mono);
  /// What wasn't told yet: the recorder stops.
  [[nodiscard]] Records Finish(WallTime now) const;

 private:
  struct Counts {
    std::uint64_t packets_lost = 0;
    std::uint64_t frames_damaged = 0;
    std::uint64_t fragments_dropped = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
  };
  struct Known {
    std::optional<microseconds> offset;  // told last
    MonoTime clock_told{};
    Counts told;
    Counts latest;
    WallTime since{};  // of what isn't told yet
    MonoTime reception_told{};
  };
  static void NoteClock(const ingest::CameraStatus& camera, Known& known, WallTime now,
                        MonoTime mono, Records& records);
  static void TellReception(CameraId camera, const Known& known, WallTime now, Records& records);

  std::map<CameraId, Known> known_;
};

}  // namespace yagura::app
