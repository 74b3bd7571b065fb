#include "app/camera_notes.h"

#include <cmath>
#include <set>

namespace yagura::app {
namespace {

/// A count that is less than it was has begun anew: the camera was left out meanwhile, and is back.
std::uint64_t MoreThan(std::uint64_t told, std::uint64_t latest) {
  return latest < told ? latest : latest - told;
}

}  // namespace

CameraNotes::Records CameraNotes::Look(const std::vector<ingest::CameraStatus>& cameras,
                                       const Dropped& dropped, WallTime now, MonoTime mono) {
  Records records;
  std::set<CameraId> there;
  for (const ingest::CameraStatus& camera : cameras) {
    there.insert(camera.id);
    const auto [found, fresh] = known_.try_emplace(camera.id);
    Known& known = found->second;
    const auto of_ours = dropped.find(camera.id);
    known.latest = {camera.lost_packets, camera.damaged_frames,
                    of_ours == dropped.end() ? 0 : of_ours->second};
    if (fresh) {
      known.since = now;
      known.reception_told = mono;
    }
    NoteClock(camera, known, now, mono, records);
    if (mono - known.reception_told < kEach) continue;
    TellReception(camera.id, known, now, records);
    known.told = known.latest;
    known.since = now;
    known.reception_told = mono;
  }
  std::erase_if(known_, [&](const auto& one) {
    if (there.contains(one.first)) return false;
    TellReception(one.first, one.second, now, records);
    return true;
  });
  return records;
}

CameraNotes::Records CameraNotes::Finish(WallTime now) const {
  Records records;
  for (const auto& [camera, known] : known_) TellReception(camera, known, now, records);
  return records;
}

void CameraNotes::NoteClock(const ingest::CameraStatus& camera, Known& known, WallTime now,
                            MonoTime mono, Records& records) {
  if (!camera.clock_offset) return;
  const microseconds moved =
      std::chrono::abs(*camera.clock_offset - known.offset.value_or(microseconds(0)));
  const auto passed = mono - known.clock_told;
  const bool set = passed >= kSetEach && moved >= kClockSet;
  const bool drifted = passed >= kEach && moved >= kClockDrifted;
  if (known.offset && !set && !drifted) return;
  known.offset = camera.clock_offset;
  known.clock_told = mono;
  std::optional<std::int64_t> drift_ppb;
  if (camera.clock_drift_ppm) drift_ppb = std::llround(*camera.clock_drift_ppm * 1'000);
  records.emplace_back(storage::CameraClockNoted{
      .camera = camera.id, .at = now, .offset = *camera.clock_offset, .drift_ppb = drift_ppb});
}

void CameraNotes::TellReception(CameraId camera, const Known& known, WallTime now,
                                Records& records) {
  if (known.latest == known.told) return;
  records.emplace_back(storage::ReceptionNoted{
      .camera = camera,
      // Our clock may have been set back, and the next row begins where this one ends.
      .from = std::min(known.since, now - microseconds(1)),
      .to = now,
      .packets_lost = MoreThan(known.told.packets_lost, known.latest.packets_lost),
      .frames_damaged = MoreThan(known.told.frames_damaged, known.latest.frames_damaged),
      .fragments_dropped = MoreThan(known.told.fragments_dropped, known.latest.fragments_dropped)});
}

}  // namespace yagura::app
