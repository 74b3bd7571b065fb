#include "app/sub_streams.h"

#include <utility>

#include "app/both_sinks.h"
#include "core/log.h"

namespace yagura::app {

namespace {

/// Its credentials are shown to whoever has the main stream's certificate, and to nobody else. On
/// another host, without credentials, it may show any.
std::string CertificateOf(const fleet::RecordedCamera& camera) {
  return camera.sub->sealed_credentials.empty() ? std::string() : camera.certificate;
}

}  // namespace

void SubStreams::Set(const fleet::RecordedCamera& camera, WallTime accounts_from) {
  const auto before = SourceOf(camera.id);
  if (before == camera.sub && !IsOtherCertificate(camera)) return;
  if (before && camera.sub && before->recorded == camera.sub->recorded) return Change(camera);
  if (before) End(camera.id, clock_.Now());
  if (camera.sub) Begin(camera, accounts_from);
}

std::optional<fleet::SubStream> SubStreams::SourceOf(CameraId camera) {
  const std::scoped_lock lock(mutex_);
  const auto known = subs_.find(camera);
  if (known == subs_.end()) return std::nullopt;
  return known->second.source;
}

bool SubStreams::IsOtherCertificate(const fleet::RecordedCamera& camera) {
  const std::scoped_lock lock(mutex_);
  const auto known = subs_.find(camera.id);
  return known != subs_.end() && camera.sub && known->second.certificate != CertificateOf(camera);
}

/// Whoever watches stays.
void SubStreams::Change(const fleet::RecordedCamera& camera) {
  const CameraStream of{camera.id, Stream::kSub};
  const bool parked = parking_.IsParked(of, camera.sub->parking_lifted_at);
  const std::scoped_lock lock(mutex_);
  One& one = subs_.at(camera.id);
  one.source = *camera.sub;
  one.certificate = CertificateOf(camera);
  one.parked = parked;
  if (one.pulled || one.source.recorded || one.watched) Pull(camera.id, one);
}

void SubStreams::Begin(const fleet::RecordedCamera& camera, WallTime accounts_from) {
  const CameraStream of{camera.id, Stream::kSub};
  const fleet::SubStream& source = *camera.sub;
  std::shared_ptr<AccessUnitSink> stored;
  if (source.recorded)
    stored = recorder_.Attach(camera.id, Stream::kSub, camera.owners, accounts_from);
  const bool parked = parking_.IsParked(of, source.parking_lifted_at);

  // Locked before the relay knows the stream, so that nobody who comes now is missed.
  const std::scoped_lock lock(mutex_);
  One& one = subs_[camera.id];
  one = {.source = source,
         .certificate = CertificateOf(camera),
         .sink = relay_.Attach(camera.id, Stream::kSub),
         .parked = parked};
  if (stored) one.sink = std::make_shared<BothSinks>(std::move(one.sink), std::move(stored));
  if (source.recorded || one.watched) Pull(camera.id, one);
}

void SubStreams::End(CameraId camera, WallTime at) {
  bool recorded = false;
  {
    const std::scoped_lock lock(mutex_);
    const auto known = subs_.find(camera);
    if (known == subs_.end()) return;
    recorded = known->second.source.recorded;
    subs_.erase(known);
    supervisor_.Remove({camera, Stream::kSub});
    relay_.Detach(camera, Stream::kSub);
  }
  if (recorded) recorder_.Detach({camera, Stream::kSub}, at);
}

void SubStreams::OnWorkerDeath(CameraId camera) {
  const std::scoped_lock lock(mutex_);
  const auto known = subs_.find(camera);
  if (known == subs_.end()) return;
  One& one = known->second;
  one.parked = parking_.IsParked({camera, Stream::kSub}, one.source.parking_lifted_at);
  if (one.parked) Pull(camera, one);
}

void SubStreams::OnWatched(CameraId camera, bool watched) {
  const std::scoped_lock lock(mutex_);
  const auto known = subs_.find(camera);
  if (known == subs_.end()) return;
  One& one = known->second;
  one.watched = watched;
  one.left_at.reset();
  if (!watched) one.left_at = clock_.Monotonic();
  if (watched && !one.pulled) return Pull(camera, one);
  supervisor_.SetWatched({camera, Stream::kSub}, watched);
}

void SubStreams::Sweep() {
  const MonoTime now = clock_.Monotonic();
  const std::scoped_lock lock(mutex_);
  for (auto& [camera, one] : subs_) {
    if (one.source.recorded || !one.left_at || now - *one.left_at < kLinger) continue;
    one.left_at.reset();
    LetGo(camera, one);
  }
}

/// Begins to pull, from where it is now. Where it can't be asked, that is a gap if it is recorded;
/// else whoever watches sees nothing.
void SubStreams::Pull(CameraId camera, One& one) {
  const auto leave_out = [&](GapReason reason) {
    supervisor_.Remove({camera, Stream::kSub});
    one.pulled = false;
    one.sink->OnInterruption(reason, clock_.Now());
  };
  const auto fail = [&](GapReason reason, const Error& error) {
    log::Error("sub stream can't be asked", {{"camera", ToString(camera)}, {"error", error}});
    leave_out(reason);
  };
  if (one.parked) return leave_out(GapReason::kCameraParked);
  fleet::CameraCredentials credentials;
  if (!one.source.sealed_credentials.empty()) {
    auto opened = key_.Open(camera, one.source.sealed_credentials);
    if (!opened.has_value()) return fail(GapReason::kAuthenticationFailed, opened.error());
    credentials = *std::move(opened);
  }
  const auto set = supervisor_.Set({camera,
                                    one.source.url,
                                    credentials.username,
                                    credentials.password,
                                    one.source.transport,
                                    {one.certificate},
                                    Stream::kSub},
                                   one.sink);
  if (!set.has_value()) return fail(GapReason::kCameraUnreachable, set.error());
  one.pulled = true;
  if (one.watched) supervisor_.SetWatched({camera, Stream::kSub}, true);
}

/// The relay forgets what came last: whoever comes tomorrow is not to see today's picture first.
void SubStreams::LetGo(CameraId camera, One& one) {
  supervisor_.Remove({camera, Stream::kSub});
  one.pulled = false;
  relay_.Detach(camera, Stream::kSub);
  one.sink = relay_.Attach(camera, Stream::kSub);
}

}  // namespace yagura::app
