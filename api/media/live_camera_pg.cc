#include "api/media/live_camera_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {

std::optional<LiveCharge> FindLiveCharge(pqxx::transaction_base& transaction, CameraId camera) {
  const auto rows = transaction.exec_params(
      "SELECT unit_id, since FROM live_camera WHERE camera_id = $1", ToString(camera));
  if (rows.empty()) return std::nullopt;
  const bool nobodys = rows[0][0].is_null();
  return LiveCharge{nobodys ? UnitId() : pg::IdOf<UnitId>(rows[0][0].c_str()),
                    pg::TimeOf(rows[0][1].c_str())};
}

bool HasStream(pqxx::transaction_base& transaction, CameraStream of) {
  if (of.stream == Stream::kMain) return true;
  return !transaction
              .exec_params("SELECT FROM camera_stream WHERE camera_id = $1 AND stream = $2",
                           ToString(of.camera), std::string(ToString(of.stream)))
              .empty();
}

}  // namespace yagura::api
