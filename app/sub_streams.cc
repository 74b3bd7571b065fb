#include "app/sub_streams.h"

#include <utility>

#include "app/both_sinks.h"
#include "app/stream_pull.h"

namespace yagura::app {

/// Over TLS its credentials are shown to whoever has the main stream's certificate, and to nobody
/// else: while that is to come, it waits. On another host, without credentials, it may show any.
/// Where the main stream isn't pulled over TLS there is none to wait for.
std::optional<SubStreams::Source> SubStreams::SourceOf(const fleet::RecordedCamera& camera) {
  if (!camera.sub) return std::nullopt;
  const bool has_credentials = !camera.sub->sealed_credentials.empty();
  const bool both_by_tls =
      camera.sub->transport == CameraTransport::kTls && camera.transport == CameraTransport::kTls;
  return Source{*camera.sub, has_credentials ? camera.certificate : std::string(),
                has_credentials && both_by_tls && camera.certificate.empty()};
}

std::optional<SubStreams::Source> SubStreams::Known(CameraId camera) {
  const std::scoped_lock lock(mutex_);
  const auto known = subs_.find(camera);
  if (known == subs_.end()) return std::nullopt;
  return known->second.source;
}

void SubStreams::Set(const fleet::RecordedCamera& camera, WallTime accounts_from) {
  const auto before = Known(camera.id);
  auto source = SourceOf(camera);
  if (before == source) return;
  if (before && source && before->stream.recorded == source->stream.recorded)
    return Change(camera.id, *std::move(source));
  if (before) End(camera.id, clock_.Now());
  if (source) Begin(camera, *std::move(source), accounts_from);
}

/// Whoever watches stays.
void SubStreams::Change(CameraId camera, Source source) {
  const bool parked = parking_.IsParked({camera, Stream::kSub}, source.stream.parking_lifted_at);
  const std::scoped_lock lock(mutex_);
  One& one = subs_.at(camera);
  one.source = std::move(source);
  one.parked = parked;
  if (one.pulled || one.source.stream.recorded || one.watched) Pull(camera, one);
}

void SubStreams::Begin(const fleet::RecordedCamera& camera, Source source, WallTime accounts_from) {
  const CameraStream of{camera.id, Stream::kSub};
  const bool recorded = source.stream.recorded;
  std::shared_ptr<AccessUnitSink> stored;
  if (recorded) stored = recorder_.Attach(camera.id, Stream::kSub, camera.owners, accounts_from);
  const bool parked = parking_.IsParked(of, source.stream.parking_lifted_at);

  // Locked before the relay knows the stream, so that nobody who comes now is missed.
  const std::scoped_lock lock(mutex_);
  One& one = subs_[camera.id];
  one = {.source = std::move(source),
         .sink = relay_.Attach(camera.id, Stream::kSub),
         .parked = parked};
  if (stored) one.sink = std::make_shared<BothSinks>(std::move(one.sink), std::move(stored));
  if (recorded || one.watched) Pull(camera.id, one);
}

void SubStreams::End(CameraId camera, WallTime at) {
  bool recorded = false;
  {
    const std::scoped_lock lock(mutex_);
    const auto known = subs_.find(camera);
    if (known == subs_.end()) return;
    recorded = known->second.source.stream.recorded;
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
  one.parked = parking_.IsParked({camera, Stream::kSub}, one.source.stream.parking_lifted_at);
  if (one.parked) Pull(camera, one);
}

void SubStreams::LetInForgiven() {
  const std::scoped_lock lock(mutex_);
  for (auto& [camera, one] : subs_) {
    if (!one.parked || parking_.IsHeld({camera, Stream::kSub})) continue;
    one.parked = false;
    if (one.source.stream.recorded || one.watched) Pull(camera, one);
  }
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
    if (one.source.stream.recorded || !one.left_at || now - *one.left_at < kLinger) continue;
    one.left_at.reset();
    LetGo(camera, one);
  }
}

/// Begins to pull, from where it is now. Where it can't be asked, that is a gap if it is recorded;
/// else whoever watches sees nothing.
void SubStreams::Pull(CameraId camera, One& one) {
  const CameraStream of{camera, Stream::kSub};
  if (one.parked) {
    supervisor_.Remove(of);
    return LeaveOut(one, GapReason::kCameraParked);
  }
  if (one.source.waits) {
    supervisor_.Remove(of);
    return LeaveOut(one, GapReason::kCameraUnreachable);
  }
  const fleet::SubStream& stream = one.source.stream;
  const auto refused = BeginPull(
      supervisor_, key_,
      {of, stream.url, stream.sealed_credentials, stream.transport, {one.source.certificate}},
      one.sink);
  if (refused) return LeaveOut(one, *refused);
  one.pulled = true;
  if (one.watched) supervisor_.SetWatched(of, true);
}

void SubStreams::LeaveOut(One& one, GapReason reason) {
  one.pulled = false;
  one.sink->OnInterruption(reason, clock_.Now());
}

/// The relay forgets what came last: whoever comes tomorrow is not to see today's picture first.
void SubStreams::LetGo(CameraId camera, One& one) {
  supervisor_.Remove({camera, Stream::kSub});
  one.pulled = false;
  relay_.Detach(camera, Stream::kSub);
  one.sink = relay_.Attach(camera, Stream::kSub);
}

}  // namespace yagura::app
