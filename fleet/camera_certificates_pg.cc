#include "fleet/camera_certificates_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::fleet {
namespace {

constexpr char kTake[] = R"(
  INSERT INTO camera_certificate (camera_id, sha256, after_forgetting)
    SELECT camera.id, seen.sha256, seen.after_forgetting
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS seen (camera_id, sha256, after_forgetting)
      JOIN camera ON camera.id = seen.camera_id
  ON CONFLICT (camera_id) DO UPDATE
    SET sha256 = excluded.sha256, since = now(), after_forgetting = excluded.after_forgetting,
      refused_sha256 = NULL, refused_since = NULL
    WHERE excluded.after_forgetting > camera_certificate.after_forgetting)";
constexpr char kRefuse[] = R"(
  UPDATE camera_certificate
    SET refused_sha256 = seen.refused, refused_since = CASE WHEN seen.refused IS NOT NULL THEN now() END
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS seen (camera_id, refused, after_forgetting)
    WHERE camera_certificate.camera_id = seen.camera_id
      AND camera_certificate.after_forgetting = seen.after_forgetting
      AND refused_sha256 IS DISTINCT FROM seen.refused)";
constexpr char kList[] = R"(
  SELECT code, sha256, since, refused_sha256, refused_since
    FROM camera_certificate JOIN camera ON camera.id = camera_id
      JOIN camera_stream USING (camera_id)
    WHERE stream = 'main' AND after_forgetting = coalesce(certificate_forgotten_at, '-infinity')
    ORDER BY code)";

}  // namespace

void StoreCertificates(pqxx::transaction_base& transaction,
                       std::span<const SeenCertificate> certificates) {
  std::vector<CameraId> cameras;
  pg::ArrayParameter taken;
  pg::ArrayParameter refused;
  pg::ArrayParameter forgotten;
  for (const SeenCertificate& seen : certificates) {
    cameras.push_back(seen.camera);
    taken.Add(seen.sha256);
    refused.AddOrNull(seen.refused_sha256.empty() ? std::nullopt
                                                  : std::optional(seen.refused_sha256));
    forgotten.Add(pg::TimeParameter(seen.forgotten_at.value_or(WallTime::min())));
  }
  const std::string ids = pg::ArrayOf(cameras);
  transaction.exec_params0(kTake, ids, taken.Text(), forgotten.Text());
  transaction.exec_params0(kRefuse, ids, refused.Text(), forgotten.Text());
}

std::vector<StoredCertificate> ListCertificates(pqxx::transaction_base& transaction) {
  std::vector<StoredCertificate> certificates;
  for (const auto& row : transaction.exec(kList)) {
    StoredCertificate one{row[0].c_str(), row[1].c_str(), pg::TimeOf(row[2].c_str()), {}, {}};
    if (!row[3].is_null()) {
      one.refused_sha256 = row[3].c_str();
      one.refused_since = pg::TimeOf(row[4].c_str());
    }
    certificates.push_back(std::move(one));
  }
  return certificates;
}

}  // namespace yagura::fleet
