#include "app/recording.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "app/both_sinks.h"
#include "core/log.h"
#include "storage/clip_queries_pg.h"

namespace yagura::app {
namespace {

using fleet::RecordedCamera;

/// When the stretch of service that `now` lies in began.
std::optional<WallTime> DueFrom(const RecordedCamera& camera, WallTime now) {
  for (const WallRange& due : camera.due) {
    if (due.from <= now && now < due.to) return due.from;
  }
  return std::nullopt;
}

/// When it ends; the end of time where that isn't known.
WallTime DueUntil(const RecordedCamera& camera, WallTime now) {
  for (const WallRange& due : camera.due) {
    if (due.from <= now && now < due.to) return due.to;
  }
  return WallTime::max();
}

const RecordedCamera* Find(const fleet::RecorderView& view, CameraId id) {
  const auto found = std::find_if(view.cameras.begin(), view.cameras.end(),
                                  [&](const RecordedCamera& camera) { return camera.id == id; });
  return found == view.cameras.end() ? nullptr : &*found;
}

}  // namespace

WallTime EndOfDue(const std::vector<WallRange>& due, WallTime now) {
  WallTime end = WallTime::min();
  for (const WallRange& range : due) {
    if (range.from <= now) end = std::max(end, std::min(range.to, now));
  }
  return end == WallTime::min() ? now : end;
}

void Recording::Apply(const fleet::RecorderView& view) {
  const WallTime now = clock_.Now();
  std::set<CameraId> over;
  for (const auto& [id, recorded] : recorded_) over.insert(id);
  const auto unattached = recorder_.Unattached();
  for (const CameraStream& of : unattached) over.insert(of.camera);
  for (const RecordedCamera& camera : view.cameras) {
    if (!fleet::IsDue(camera, now)) continue;
    over.erase(camera.id);
    const auto known = recorded_.find(camera.id);
    if (known == recorded_.end()) {
      Begin(camera);
    } else if (known->second.camera != camera) {
      Change(known->second, camera);
    }
  }
  for (const CameraId& id : over) {
    const RecordedCamera* camera = Find(view, id);
    End(id, camera == nullptr ? now : EndOfDue(camera->due, now));
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

/// From when on the recorder has to account for the camera: from the start of its service, or, with
/// a journal that was lost, from where the catalogue ends. A gap that goes on there is taken up.
/// Without journal and catalogue nobody knows: from now on, so that nothing is told twice.
std::optional<WallTime> Recording::AccountsFrom(const RecordedCamera& camera, Stream stream) {
  const WallTime now = clock_.Now();
  // Nobody promised a sub stream before now.
  const auto due_from = stream == Stream::kMain ? DueFrom(camera, now) : now;
  if (!recorder_.is_new()) return due_from;
  using Known = std::optional<storage::AccountedFor>;
  const auto known = pool_.ReadFor<Known>([&](pqxx::transaction_base& transaction) {
    return Result<Known>(storage::ReadAccountedFor(transaction, camera.id, stream));
  });
  if (!known.has_value()) {
    log::Error("alarm: neither journal nor catalogue know until when a camera was recorded",
               {{"camera", ToString(camera.id)}, {"error", known.error()}});
    return now;
  }
  if (!known->has_value()) return due_from;
  if (const auto& gap = (*known)->open_gap) {
    const std::vector<storage::JournalRecord> open{
        storage::GapOpened{gap->id, gap->camera, gap->stream, gap->owner, gap->reason, gap->start}};
    recorder_.journal().Append(open);
  }
  return std::max(due_from.value_or(now), std::min((*known)->until, now));
}

void Recording::Begin(const RecordedCamera& camera) {
  auto live = relay_.Attach(camera.id, storage::Stream::kMain);
  auto stored = recorder_.Attach(camera.id, storage::Stream::kMain, camera.owners,
                                 AccountsFrom(camera, Stream::kMain));
  auto both = std::make_shared<BothSinks>(std::move(live), std::move(stored));
  Recorded recorded{camera, checks_.Watch(camera.id, std::move(both))};
  log::Info("camera is due", {{"camera", ToString(camera.id)}});
  Connect(recorded);
  recorded_.emplace(camera.id, std::move(recorded));
  SetSub(camera);
}

void Recording::SetSub(const RecordedCamera& camera) {
  const bool recorded = camera.sub && camera.sub->recorded;
  subs_.Set(camera,
            recorded ? AccountsFrom(camera, Stream::kSub).value_or(clock_.Now()) : clock_.Now());
  recorder_.SetDueUntil(camera.id, DueUntil(camera, clock_.Now()));
}

bool Recording::IsParked(const RecordedCamera& camera) {
  return parking_.IsParked({camera.id}, camera.parking_lifted_at);
}

void Recording::Change(Recorded& recorded, const RecordedCamera& camera) {
  const RecordedCamera before = std::exchange(recorded.camera, camera);
  if (before.owners != camera.owners) recorder_.SetOwners(camera.id, camera.owners);
  if (before.due != camera.due) recorder_.SetDueUntil(camera.id, DueUntil(camera, clock_.Now()));
  if (before.url != camera.url || before.transport != camera.transport ||
      before.sealed_credentials != camera.sealed_credentials ||
      before.parking_lifted_at != camera.parking_lifted_at ||
      before.certificate != camera.certificate ||
      before.certificate_forgotten_at != camera.certificate_forgotten_at) {
    Connect(recorded);
  }
  if (before.sub != camera.sub || before.certificate != camera.certificate) SetSub(camera);
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
    if (known != recorded_.end() && IsParked(known->second.camera))
      LeaveOut(known->second, GapReason::kCameraParked);
  }
  NoteFailingWorkers();
}

/// Those that were parked before it was known are let in again.
void Recording::NoteFailingWorkers() {
  const bool failing = parking_.WorkersAreFailing();
  if (failing != workers_failing_.exchange(failing)) supervisor_.SetWorkersFailing(failing);
  if (!failing) return;
  for (const auto& [id, one] : left_out()) {
    const auto known = recorded_.find(id);
    if (one.reason == GapReason::kCameraParked && known != recorded_.end() &&
        !IsParked(known->second.camera))
      Connect(known->second);
  }
}

Recording::LeftOutCameras Recording::left_out() const {
  const std::scoped_lock lock(left_out_mutex_);
  return left_out_;
}

void Recording::LeaveOut(const Recorded& recorded, GapReason reason) {
  const CameraId camera = recorded.camera.id;
  supervisor_.Remove({camera});
  recorded.sink->OnInterruption(reason, clock_.Now());
  const std::scoped_lock lock(left_out_mutex_);
  left_out_[camera] = {reason, clock_.Now()};
}

void Recording::ForgetLeftOut(CameraId camera) {
  const std::scoped_lock lock(left_out_mutex_);
  left_out_.erase(camera);
}

/// A camera that can't even be asked is a gap with that reason, like one that doesn't answer.
void Recording::Connect(const Recorded& recorded) {
  const RecordedCamera& camera = recorded.camera;
  const auto fail = [&](GapReason reason, const Error& error) {
    log::Error("camera can't be asked", {{"camera", ToString(camera.id)}, {"error", error}});
    LeaveOut(recorded, reason);
  };
  ForgetLeftOut(camera.id);
  if (IsParked(camera)) return LeaveOut(recorded, GapReason::kCameraParked);
  fleet::CameraCredentials credentials;
  if (!camera.sealed_credentials.empty()) {
    auto opened = key_.Open(camera.id, camera.sealed_credentials);
    if (!opened.has_value()) return fail(GapReason::kAuthenticationFailed, opened.error());
    credentials = *std::move(opened);
  }
  const auto set = supervisor_.Set({camera.id,
                                    camera.url,
                                    credentials.username,
                                    credentials.password,
                                    camera.transport,
                                    {camera.certificate, camera.certificate_forgotten_at}},
                                   recorded.sink);
  if (!set.has_value()) return fail(GapReason::kCameraUnreachable, set.error());
  // Whoever came before ingest knew the camera.
  if (relay_.IsWatched({camera.id})) supervisor_.SetWatched({camera.id}, true);
}

}  // namespace yagura::app
