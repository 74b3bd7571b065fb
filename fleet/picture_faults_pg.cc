#include "fleet/picture_faults_pg.h"

#include <pqxx/pqxx>
#include <vector>

#include "core/pg/values.h"

namespace yagura::fleet {
namespace {

constexpr char kDelete[] =
    "DELETE FROM picture_fault WHERE camera_id = ANY ($1::uuid[]) AND camera_id <> ALL "
    "($2::uuid[])";
constexpr char kInsert[] = R"(
  INSERT INTO picture_fault (camera_id, fault, since)
    SELECT camera.id, told.fault, told.since
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS told (camera_id, fault, since)
      JOIN camera ON camera.id = told.camera_id
  ON CONFLICT (camera_id) DO UPDATE SET fault = excluded.fault, since = excluded.since)";

}  // namespace

void StorePictureFaults(pqxx::transaction_base& transaction, std::span<const CameraId> cameras,
                        std::span<const PictureFaultRow> faults) {
  std::vector<CameraId> faulty;
  pg::ArrayParameter names;
  pg::ArrayParameter since;
  for (const PictureFaultRow& row : faults) {
    faulty.push_back(row.camera);
    names.Add(row.fault);
    since.Add(pg::TimeParameter(row.since));
  }
  transaction.exec_params0(kDelete,
                           pg::ArrayOf(std::vector<CameraId>(cameras.begin(), cameras.end())),
                           pg::ArrayOf(faulty));
  transaction.exec_params0(kInsert, pg::ArrayOf(faulty), names.Text(), since.Text());
}

}  // namespace yagura::fleet
