#include "app/recording.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "app/both_sinks.h"
#include "app/stream_pull.h"
#include "core/log.h"
#include "storage/clip_queries_pg.h"

namespace yagura::app {
namespace {

using fleet::RecordedCamera;

const RecordedCamera* Find(const fleet::RecorderView& view, CameraId id) {
  const auto found = std::find_if(view.cameras.begin(), view.cameras.end(),
                                  [&](const RecordedCamera& camera) { return camera.id == id; });
  return found == view.cameras.end() ? nullptr : &*found;
}

}  // namespace

void Recording::Apply(const fleet::RecorderView& view) {
  const WallTime now = clock_.Now();
  std::set<CameraId> over;
  for (const auto& [id, recorded] : recorded_) over.insert(id);
  const auto unattached = recorder_.Unattached();
  for (const CameraStream& of : unattached) over.insert(of.camera);
  for (const RecordedCamera& camera : view.cameras) {
    if (ApplyTo(camera, now)) over.erase(camera.id);
  }
  for (const CameraId& id : over) {
    const RecordedCamera* camera = Find(view, id);
    End(id, camera == nullptr ? now : fleet::EndOfDue(camera->due, now));
  }
  // Of an earlier recorder, where the camera goes on and its sub stream is recorded no more.
  for (const CameraStream& of : unattached) {
    const auto known = recorded_.find(of.camera);
    if (of.stream != Stream::kSub || known == recorded_.end()) continue;
    const auto& sub = known->second.camera.sub;
    if (!sub || !sub->recorded) recorder_.Detach(of, now);
  }
  subs_.Sweep();
}

/// Whether the camera is recorded now. Where its service ended and began anew since anybody looked,
/// it is recorded anew.
bool Recording::ApplyTo(const RecordedCamera& camera, WallTime now) {
  auto known = recorded_.find(camera.id);
  const auto due = fleet::DueAt(
      camera.due, now,
      known == recorded_.end() ? std::nullopt : std::optional<WallRange>(known->second.due));
  if (!due) return false;
  if (known != recorded_.end() && due->from >= known->second.due.to) {
    End(camera.id, known->second.due.to);
    known = recorded_.end();
  }
  if (known == recorded_.end()) {
    Begin(camera, *due);
  } else if (known->second.camera != camera) {
    Change(known->second, camera, *due);
  }
  return true;
}

/// From when on the recorder has to account for the camera: from the start of its service, or, with
/// a journal that was lost, from where the catalogue ends. A gap that goes on there is taken up.
/// Without journal and catalogue nobody knows: from now on, so that nothing is told twice. A sub
/// stream that neither knows was promised by nobody before now.
WallTime Recording::AccountsFrom(const RecordedCamera& camera, Stream stream, WallTime due_from) {
  const WallTime now = clock_.Now();
  const WallTime promised_from = stream == Stream::kMain ? due_from : now;
  if (!recorder_.is_new()) return promised_from;
  using Known = std::optional<storage::AccountedFor>;
  const auto known = pool_.ReadFor<Known>([&](pqxx::transaction_base& transaction) {
    return Result<Known>(storage::ReadAccountedFor(transaction, camera.id, stream));
  });
  if (!known.has_value()) {
    log::Error("alarm: neither journal nor catalogue know until when a camera was recorded",
               {{"camera", ToString(camera.id)}, {"error", known.error()}});
    return now;
  }
  if (!known->has_value()) return promised_from;
  if (const auto& gap = (*known)->open_gap) {
    const std::vector<storage::JournalRecord> open{
        storage::GapOpened{gap->id, gap->camera, gap->stream, gap->owner, gap->reason, gap->start}};
    recorder_.journal().Append(open);
  }
  return std::max(due_from, std::min((*known)->until, now));
}

void Recording::Begin(const RecordedCamera& camera, const WallRange& due) {
  auto live = relay_.Attach(camera.id, storage::Stream::kMain);
  auto stored = recorder_.Attach(camera.id, storage::Stream::kMain, camera.owners,
                                 AccountsFrom(camera, Stream::kMain, due.from));
  auto both = std::make_shared<BothSinks>(std::move(live), std::move(stored));
  const Recorded recorded{camera, checks_.Watch(camera.id, std::move(both)), due};
  log::Info("camera is due", {{"camera", ToString(camera.id)}});
  Connect(recorded);
  SetSub(recorded);
  recorded_.emplace(camera.id, recorded);
}

void Recording::SetSub(const Recorded& recorded) {
  const RecordedCamera& camera = recorded.camera;
  const bool is_recorded = camera.sub && camera.sub->recorded;
  subs_.Set(camera,
            is_recorded ? AccountsFrom(camera, Stream::kSub, recorded.due.from) : clock_.Now());
  recorder_.SetDueUntil(camera.id, recorded.due.to);
}

bool Recording::IsParked(const RecordedCamera& camera) {
  return parking_.IsParked({camera.id}, camera.parking_lifted_at);
}

void Recording::Change(Recorded& recorded, const RecordedCamera& camera, const WallRange& due) {
  const RecordedCamera before = std::exchange(recorded.camera, camera);
  if (before.owners != camera.owners) recorder_.SetOwners(camera.id, camera.owners);
  if (std::exchange(recorded.due, due) != due) recorder_.SetDueUntil(camera.id, due.to);
  if (before.url != camera.url || before.transport != camera.transport ||
      before.sealed_credentials != camera.sealed_credentials ||
      before.parking_lifted_at != camera.parking_lifted_at ||
      before.certificate != camera.certificate ||
      before.certificate_forgotten_at != camera.certificate_forgotten_at) {
    Connect(recorded);
  }
  if (before.sub != camera.sub || before.certificate != camera.certificate) SetSub(recorded);
}

void Recording::End(CameraId camera, WallTime at) {
  supervisor_.Remove({camera});
  subs_.End(camera, at);
  ForgetLeftOut(camera);
  checks_.Forget(camera);
  relay_.Detach(camera, storage::Stream::kMain);
  recorder_.Detach({camera, Stream::kMain}, at);
  recorder_.Detach({camera, Stream::kSub}, at);  // of an earlier recorder
  recorded_.erase(camera);
  log::Info("camera is due no more", {{"camera", ToString(camera)}});
}

void Recording::NoteWorkerDeaths(const std::vector<WorkerDeath>& deaths) {
  for (const WorkerDeath& death : deaths) {
    parking_.NoteWorkerDeath(death.of, death.signal);
    if (death.of.stream == Stream::kSub) {
      subs_.OnWorkerDeath(death.of.camera);
      continue;
    }
    const auto known = recorded_.find(death.of.camera);
    if (known != recorded_.end() && IsParked(known->second.camera)) Park(known->second);
  }
  NoteFailingWorkers();
}

/// Those that were parked before it was known are let in again.
void Recording::NoteFailingWorkers() {
  const bool failing = parking_.WorkersAreFailing();
  if (failing != workers_failing_.exchange(failing)) supervisor_.SetWorkersFailing(failing);
  if (!failing) return;
  for (const auto& [id, one] : left_out()) {
    if (one.reason == GapReason::kCameraParked && !parking_.IsHeld({id})) Connect(recorded_.at(id));
  }
  subs_.LetInForgiven();
}

Recording::LeftOutCameras Recording::left_out() const {
  const std::scoped_lock lock(left_out_mutex_);
  return left_out_;
}

void Recording::Park(const Recorded& recorded) {
  supervisor_.Remove({recorded.camera.id});
  LeaveOut(recorded, GapReason::kCameraParked);
}

/// The supervisor doesn't know the camera any more.
void Recording::LeaveOut(const Recorded& recorded, GapReason reason) {
  const CameraId camera = recorded.camera.id;
  recorded.sink->OnInterruption(reason, clock_.Now());
  const std::scoped_lock lock(left_out_mutex_);
  left_out_[camera] = {reason, clock_.Now()};
}

void Recording::ForgetLeftOut(CameraId camera) {
  const std::scoped_lock lock(left_out_mutex_);
  left_out_.erase(camera);
}

void Recording::Connect(const Recorded& recorded) {
  const RecordedCamera& camera = recorded.camera;
  ForgetLeftOut(camera.id);
  if (IsParked(camera)) return Park(recorded);
  const auto refused = BeginPull(supervisor_, key_,
                                 {{camera.id},
                                  camera.url,
                                  camera.sealed_credentials,
                                  camera.transport,
                                  {camera.certificate, camera.certificate_forgotten_at}},
                                 recorded.sink);
  if (refused) return LeaveOut(recorded, *refused);
  // Whoever came before ingest knew the camera.
  if (relay_.IsWatched({camera.id})) supervisor_.SetWatched({camera.id}, true);
}

}  // namespace yagura::app
