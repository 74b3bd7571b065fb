#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/access_unit.h"
#include "core/camera_stream.h"
#include "core/camera_transport.h"
#include "core/gap_reason.h"
#include "fleet/camera.h"
#include "fleet/sealing.h"
#include "ingest/supervisor.h"

namespace yagura::app {

/// One stream of a camera, as it is asked for.
struct PulledStream {
  CameraStream of;
  std::string url;
  fleet::SealedCredentials sealed_credentials;  // empty: none
  CameraTransport transport = CameraTransport::kTcp;
  ingest::KnownCertificate certificate{};
};

/// Opens its credentials with `key` and lets `supervisor` pull it into `sink`. Where it can't even
/// be asked, it isn't pulled any more, which is in the log, and the reason comes back: a gap like
/// that of one that doesn't answer.
[[nodiscard]] std::optional<GapReason> BeginPull(ingest::Supervisor& supervisor,
                                                 const fleet::SealingKey& key,
                                                 const PulledStream& stream,
                                                 const std::shared_ptr<AccessUnitSink>& sink);

}  // namespace yagura::app
