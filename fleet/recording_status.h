#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace yagura::fleet {

/// How recording stands, as the catalogue tells it.
struct RecordingStatus {
  WallTime at{};
  bool recorder_connected = false;  // whether a recorder has the database open
  int due = 0;                      // cameras to be recorded now
  int recording = 0;  // those of them whose run goes on, while a recorder is connected
  /// Cameras that are due and in an open gap, by its reason; most first.
  struct Missing {
    std::string reason;
    int cameras = 0;
    friend bool operator==(const Missing&, const Missing&) = default;
  };
  std::vector<Missing> missing;
  /// Those cameras, by code, at most kNamedMax of them.
  struct MissingCamera {
    std::string code;
    std::string name;
    std::string reason;
    WallTime since{};  // the end of what was recorded, whatever the reason was at first
  };
  static constexpr int kNamedMax = 50;
  std::vector<MissingCamera> missing_cameras;
  /// Cameras that are recorded and whose picture is at fault, by code, at most kNamedMax of them.
  struct FaultyPicture {
    std::string code;
    std::string name;
    std::string fault;  // "black", "frozen"
    WallTime since{};
  };
  std::vector<FaultyPicture> faulty_pictures;
  /// Cameras that are due and whose record says `auto`, by what that came to.
  struct FoundTransport {
    std::string transport;  // "tcp", "udp"
    int cameras = 0;
  };
  std::vector<FoundTransport> found_transports;
  /// How the recorder's machine's clock was set within the last day, newest first, at most
  /// kNamedMax.
  struct ClockStep {
    WallTime before{};  // what it would have shown
    WallTime after{};
  };
  std::vector<ClockStep> clock_steps;
  /// Cameras whose own clock was off by a second or more when it was told last, by code, at most
  /// kNamedMax of them.
  struct CameraClock {
    std::string code;
    std::string name;
    microseconds offset{};  // the camera's minus ours
    std::optional<double> drift_ppm;
    WallTime at{};
  };
  std::vector<CameraClock> camera_clocks;
  std::int64_t clips = 0;
  std::uint64_t bytes = 0;
  std::optional<WallTime> oldest;  // start of the oldest clip
  std::optional<WallTime> newest;  // end of the newest clip
  int volumes_full = 0;            // on which nothing may be deleted: recording stops there
};

}  // namespace yagura::fleet
