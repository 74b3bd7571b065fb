#include "app/noted_cameras.h"

#include <utility>

namespace yagura::app {
namespace {

/// Each look asks all reader threads.
constexpr std::chrono::seconds kLookEach{10};

std::vector<fleet::SeenCertificate> SeenOf(const std::vector<ingest::CameraStatus>& cameras) {
  std::vector<fleet::SeenCertificate> seen;
  for (const ingest::CameraStatus& camera : cameras) {
    if (camera.certificate.sha256.empty()) continue;
    seen.push_back({camera.id, camera.certificate.sha256, camera.certificate.forgotten_at,
                    camera.refused_certificate});
  }
  return seen;
}

}  // namespace

void NotedCameras::Look() {
  const MonoTime mono = clock_.Monotonic();
  if (mono < next_) return;
  next_ = mono + kLookEach;
  const auto cameras = ingest::MainStreams(supervisor_.Status());
  recorder_.journal().Append(
      notes_.Look(cameras, recorder_.fragments_dropped(), clock_.Now(), mono));
  TellTransports(cameras);
  TellCertificates(cameras);
}

void NotedCameras::Finish() { recorder_.journal().Append(notes_.Finish(clock_.Now())); }

/// Again with the next look where the database doesn't take it.
void NotedCameras::TellTransports(const std::vector<ingest::CameraStatus>& cameras) {
  auto told = transports_.Look(cameras);
  if (!told) return;
  const auto stored = pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    fleet::StoreFoundTransports(transaction, told->found, told->told_by_record);
    return {};
  });
  if (stored.has_value()) transports_.Said(*std::move(told));
}

/// Again with the next look where the database doesn't take them.
void NotedCameras::TellCertificates(const std::vector<ingest::CameraStatus>& cameras) {
  auto seen = SeenOf(cameras);
  if (seen == certificates_) return;
  const auto stored = pool_.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    fleet::StoreCertificates(transaction, seen);
    return {};
  });
  if (stored.has_value()) certificates_ = std::move(seen);
}

}  // namespace yagura::app
