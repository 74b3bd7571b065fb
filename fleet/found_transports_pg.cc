#include "fleet/found_transports_pg.h"

#include <pqxx/pqxx>
#include <string>

#include "core/pg/values.h"

namespace yagura::fleet {
namespace {

constexpr char kDelete[] = "DELETE FROM found_transport WHERE camera_id = ANY ($1::uuid[])";
constexpr char kInsert[] = R"(
  INSERT INTO found_transport (camera_id, transport)
    SELECT camera.id, found.transport
    FROM unnest($1::uuid[], $2::text[]) AS found (camera_id, transport) JOIN camera ON camera.id = found.camera_id
  ON CONFLICT (camera_id) DO UPDATE SET transport = excluded.transport)";

}  // namespace

void StoreFoundTransports(pqxx::transaction_base& transaction,
                          std::span<const FoundTransport> found,
                          std::span<const CameraId> told_by_record) {
  std::vector<CameraId> cameras;
  pg::ArrayParameter transports;
  for (const FoundTransport& one : found) {
    cameras.push_back(one.camera);
    transports.Add(std::string(ToString(one.transport)));
  }
  transaction.exec_params0(
      kDelete, pg::ArrayOf(std::vector<CameraId>(told_by_record.begin(), told_by_record.end())));
  transaction.exec_params0(kInsert, pg::ArrayOf(cameras), transports.Text());
}

}  // namespace yagura::fleet
