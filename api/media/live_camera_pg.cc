#include "api/media/live_camera_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {

std::optional<WallTime> LiveSince(pqxx::transaction_base& transaction, CameraId camera) {
  const auto rows = transaction.exec_params("SELECT since FROM live_camera WHERE camera_id = $1",
                                            ToString(camera));
  if (rows.empty()) return std::nullopt;
  return pg::TimeOf(rows[0][0].c_str());
}

}  // namespace yagura::api
