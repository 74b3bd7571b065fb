#include "app/parking.h"

#include <algorithm>
#include <utility>

#include "app/crash_handler_posix.h"
#include "core/log.h"

namespace yagura::app {

bool Parking::IsParked(CameraStream of, std::optional<WallTime> lifted_at) {
  NoteLift(of, lifted_at);
  const auto crashes = crashes_.book().CrashesOf(of);
  if (crashes.empty()) return false;
  const CrashEntry& last = crashes.back();
  const bool parked = crashes_.book().IsParked(of);
  if (parked) {
    log::Error(
        "alarm: a camera is parked: what it sends crashed the recorder, or its worker, twice "
        "within ten minutes; next: yagura camera unpark",
        {{"camera", ToString(of.camera)},
         {"stream", ToString(of.stream)},
         {"signal", std::int64_t{last.signal}},
         {"first", FormatRfc3339(crashes.front().at)},
         {"last", FormatRfc3339(last.at)}});
  } else if (clock_.Now() - last.at <= CrashBook::kParkWithin) {
    log::Warning(
        "what a camera sends crashed the recorder, or its worker; once more soon, and it is parked",
        {{"camera", ToString(of.camera)},
         {"stream", ToString(of.stream)},
         {"signal", std::int64_t{last.signal}},
         {"at", FormatRfc3339(last.at)}});
  }
  return parked;
}

void Parking::NoteWorkerDeath(CameraStream of, int signal) {
  if (std::ranges::find(CrashHandler::kSignals, signal) == CrashHandler::kSignals.end()) return;
  wave_.Note(of.camera, clock_.Monotonic());
  if (!WorkersAreFailing())
    Note({of.camera, signal, clock_.Now(), Uptime(), ThisBoot(), of.stream});
}

bool Parking::WorkersAreFailing() {
  const auto cameras = wave_.Cameras(clock_.Monotonic());
  for (const CameraId& camera : cameras) {
    for (const Stream stream : {Stream::kMain, Stream::kSub}) Forgive({camera, stream});
  }
  const bool failing = !cameras.empty();
  if (failing == std::exchange(workers_failing_, failing)) return failing;
  if (failing) {
    log::Error(
        "alarm: pull workers of several cameras crash within a minute: no camera is parked for it, "
        "and they are started slowly; next: look at what was updated last (GStreamer)",
        {{"cameras", static_cast<std::int64_t>(cameras.size())}});
  } else {
    log::Info("pull workers crash no longer");
  }
  return failing;
}

/// What was noted before it was known that it isn't the camera's doing. By a lift that is older
/// than any that operations enter, but for those that are noted.
void Parking::Forgive(CameraStream of) {
  const auto crashes = crashes_.book().CrashesOf(of);
  if (crashes.empty() || clock_.Now() - crashes.back().at > CrashWave::kWithin) return;
  const auto lifted = crashes_.book().LiftedAt(of);
  Note({of.camera, kLift, lifted.value_or(WallTime()) + microseconds(1), {}, {}, of.stream});
}

void Parking::Note(const CrashEntry& crash) {
  const auto done = crashes_.Note(crash);
  if (!done.has_value()) {
    log::Error("a crash of a pull worker can't be noted", {{"camera", ToString(crash.camera)},
                                                           {"stream", ToString(crash.stream)},
                                                           {"error", done.error()}});
  }
}

/// A lift that can't be noted lifts nothing: without it, what comes after couldn't be counted.
void Parking::NoteLift(CameraStream of, std::optional<WallTime> lifted_at) {
  const auto noted = crashes_.book().LiftedAt(of);
  if (!lifted_at || (noted && *lifted_at <= *noted)) return;
  const bool parked = crashes_.book().IsParked(of);
  const auto done = crashes_.Note({of.camera, kLift, *lifted_at, {}, {}, of.stream});
  if (parked && done.has_value())
    log::Info("camera is parked no longer",
              {{"camera", ToString(of.camera)}, {"stream", ToString(of.stream)}});
  if (parked && !done.has_value()) {
    log::Error("alarm: a camera stays parked, because that it shall not can't be noted",
               {{"camera", ToString(of.camera)},
                {"stream", ToString(of.stream)},
                {"error", done.error()}});
  }
}

}  // namespace yagura::app
