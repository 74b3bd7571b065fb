#pragma once

#include <chrono>
#include <vector>

#include "app/camera_notes.h"
#include "app/found_transports.h"
#include "core/pg/pool_pg.h"
#include "core/time.h"
#include "fleet/camera_certificates_pg.h"
#include "ingest/supervisor.h"
#include "storage/recorder.h"

namespace yagura::app {

/// Puts into the journal how clocks and reception of the cameras stand, and into the database how
/// those send that were to find out, and which certificates they show. One thread.
class NotedCameras {
 public:
  /// All outlive it.
  NotedCameras(ingest::Supervisor& supervisor, storage::Recorder& recorder, pg::Pool& pool,
               const Clock& clock)
      : supervisor_(supervisor), recorder_(recorder), pool_(pool), clock_(clock) {}

  /// Called each second or so; asks the reader threads once in ten seconds.
  void Look();
  /// The recorder stops: what wasn't told yet.
  void Finish();

 private:
  void TellTransports(const std::vector<ingest::CameraStatus>& cameras);
  void TellCertificates(const std::vector<ingest::CameraStatus>& cameras);

  ingest::Supervisor& supervisor_;
  storage::Recorder& recorder_;
  pg::Pool& pool_;
  const Clock& clock_;
  FoundTransports transports_;
  std::vector<fleet::SeenCertificate> certificates_;  // as told last
  CameraNotes notes_;
  MonoTime next_{};
};

}  // namespace yagura::app
