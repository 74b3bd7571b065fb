#include "app/stream_pull.h"

#include <utility>

#include "core/log.h"

namespace yagura::app {

std::optional<GapReason> BeginPull(ingest::Supervisor& supervisor, const fleet::SealingKey& key,
                                   const PulledStream& stream,
                                   const std::shared_ptr<AccessUnitSink>& sink) {
  const auto fail = [&](GapReason reason, const Error& error) {
    supervisor.Remove(stream.of);
    log::Error("camera can't be asked", {{"camera", ToString(stream.of.camera)},
                                         {"stream", ToString(stream.of.stream)},
                                         {"error", error}});
    return reason;
  };
  fleet::CameraCredentials credentials;
  if (!stream.sealed_credentials.empty()) {
    auto opened = key.Open(stream.of.camera, stream.sealed_credentials);
    if (!opened.has_value()) return fail(GapReason::kAuthenticationFailed, opened.error());
    credentials = *std::move(opened);
  }
  const auto set =
      supervisor.Set({stream.of.camera, stream.url, credentials.username, credentials.password,
                      stream.transport, stream.certificate, stream.of.stream},
                     sink);
  if (!set.has_value()) return fail(GapReason::kCameraUnreachable, set.error());
  return std::nullopt;
}

}  // namespace yagura::app
