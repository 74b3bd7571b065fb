#pragma once

#include <optional>

#include "app/crash_file_posix.h"
#include "app/crash_wave.h"
#include "core/camera_stream.h"
#include "core/time.h"

namespace yagura::app {

/// Which streams are not connected, because what they send crashed the recorder, or their workers;
/// not where workers of many cameras crash together. One thread.
class Parking {
 public:
  /// Both outlive it.
  Parking(CrashFile& crashes, const Clock& clock) : crashes_(crashes), clock_(clock) {}

  /// Whether the stream is parked. Where its parking was lifted since that was asked last, also by
  /// an earlier recorder, that is noted first. What it comes to is said in the log.
  [[nodiscard]] bool IsParked(CameraStream of, std::optional<WallTime> lifted_at);
  /// As IsParked() with the last lift that is noted; says nothing in the log.
  [[nodiscard]] bool IsHeld(CameraStream of) const { return crashes_.book().IsParked(of); }
  /// A worker that pulled the stream was ended by this signal: where it is one that a crash of the
  /// recorder itself would count by, so does this.
  void NoteWorkerDeath(CameraStream of, int signal);
  /// Workers of so many cameras crash that it is none of theirs (CrashWave). Their crashes of the
  /// last minute don't count then, nor do those that come. To be asked about each second: said in
  /// the log where it begins and ends.
  [[nodiscard]] bool WorkersAreFailing();

 private:
  void NoteLift(CameraStream of, std::optional<WallTime> lifted_at);
  void Note(const CrashEntry& crash);
  void Forgive(CameraStream of);

  CrashFile& crashes_;
  const Clock& clock_;
  CrashWave wave_;
  bool workers_failing_ = false;  // as said last
};

}  // namespace yagura::app
