#include "storage/growing_clips_pg.h"

#include <pqxx/pqxx>
#include <string>

#include "core/pg/values.h"
#include "storage/catalogue_rows_pg.h"
#include "storage/clip_queries_pg.h"

namespace yagura::storage {
namespace {

const std::string& Select() {
  static const std::string sql =
      std::string("SELECT ") + kGrowingClipColumns + " FROM growing_clip WHERE ";
  return sql;
}

}  // namespace

std::vector<GrowingClip> GrowingClips(pqxx::transaction_base& transaction, CameraStream of,
                                      const WallRange& range) {
  std::vector<GrowingClip> clips;
  const auto rows =
      transaction.exec_params(Select() +
                                  "camera_id = $1 AND stream = $2 AND start_at < $3"
                                  " AND start_at > $4::timestamptz - interval '130 seconds'"
                                  " ORDER BY start_at, run_id",
                              ToString(of.camera), std::string(ToString(of.stream)),
                              pg::TimeParameter(range.to), pg::TimeParameter(range.from));
  for (const auto& row : rows) clips.push_back(ReadGrowingClip(row));
  return clips;
}

std::optional<FoundGrowingClip> FindGrowingClip(pqxx::transaction_base& transaction,
                                                const ClipId& id) {
  const auto rows = transaction.exec_params(Select() + "run_id = $1 AND sequence = $2",
                                            ToString(id.run), id.sequence);
  if (rows.empty()) return std::nullopt;
  auto run = FindRun(transaction, id.run);
  if (!run) return std::nullopt;
  return FoundGrowingClip{ReadGrowingClip(rows.front()), *std::move(run)};
}

}  // namespace yagura::storage
