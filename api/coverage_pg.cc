#include "api/coverage_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {

std::vector<access_control::Footage> RecordedFootage(pqxx::transaction_base& transaction,
                                                     CameraId camera, WallRange range) {
  const auto rows = transaction.exec_params(
      "SELECT unit_id, start_at, end_at FROM recorded_stretches($1, $2, $3)"
      " UNION ALL SELECT unit_id, start_at, end_at FROM growing_stretches($1, $2, $3)",
      ToString(camera), pg::TimeParameter(range.from), pg::TimeParameter(range.to));
  std::vector<access_control::Footage> recorded;
  for (const auto& row : rows) {
    recorded.push_back({camera,
                        pg::IdOf<UnitId>(row[0].c_str()),
                        {pg::TimeOf(row[1].c_str()), pg::TimeOf(row[2].c_str())}});
  }
  return recorded;
}

}  // namespace yagura::api
