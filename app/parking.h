#pragma once

#include "app/crash_file_posix.h"
#include "app/crash_wave.h"
#include "core/time.h"
#include "fleet/recorder_view.h"

namespace yagura::app {

/// Which cameras are not connected, because what they send crashed the recorder, or their workers;
/// not where workers of many cameras crash together. One thread.
class Parking {
 public:
  /// Both outlive it.
  Parking(CrashFile& crashes, const Clock& clock) : crashes_(crashes), clock_(clock) {}

  /// Whether the camera is parked. Where its parking was lifted since that was asked last, also by
  /// an earlier recorder, that is noted first. What it comes to is said in the log.
  [[nodiscard]] bool IsParked(const fleet::RecordedCamera& camera);
  /// A worker that pulled the camera was ended by this signal: where it is one that a crash of the
  /// recorder itself would count by, so does this.
  void NoteWorkerDeath(CameraId camera, int signal);
  /// Workers of so many cameras crash that it is none of theirs (CrashWave). Their crashes of the
  /// last minute don't count then, nor do those that come. To be asked about each second: said in
  /// the log where it begins and ends.
  [[nodiscard]] bool WorkersAreFailing();

 private:
  void NoteLift(const fleet::RecordedCamera& camera);
  void Note(const CrashEntry& crash);
  void Forgive(CameraId camera);

  CrashFile& crashes_;
  const Clock& clock_;
  CrashWave wave_;
  bool workers_failing_ = false;  // as said last
};

}  // namespace yagura::app
