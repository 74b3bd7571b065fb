#include "storage/recorded_pairs_pg.h"

#include <pqxx/pqxx>

namespace yagura::storage {
namespace {

// By steps along the index run_by_camera_and_floor. Clips of a run start within 26 hours of it.
constexpr char kPairs[] = R"(
  WITH RECURSIVE pair AS (
    (SELECT camera_id, floor_id FROM run ORDER BY camera_id, floor_id LIMIT 1)
    UNION ALL
    SELECT next.camera_id, next.floor_id FROM pair, LATERAL (
      SELECT run.camera_id, run.floor_id FROM run WHERE (run.camera_id, run.floor_id) > (pair.camera_id, pair.floor_id)
      ORDER BY run.camera_id, run.floor_id LIMIT 1) AS next)
  SELECT camera_id, floor_id,
    (SELECT min(start_at) FROM run WHERE run.camera_id = pair.camera_id AND run.floor_id = pair.floor_id),
    (SELECT max(start_at) + interval '26 hours' FROM run WHERE run.camera_id = pair.camera_id AND run.floor_id = pair.floor_id)
  FROM pair)";

}  // namespace

std::vector<RecordedPair> ReadPairs(pqxx::transaction_base& transaction) {
  std::vector<RecordedPair> pairs;
  for (const auto& row : transaction.exec(kPairs)) {
    pairs.push_back({.camera = pg::IdOf<CameraId>(row[0].c_str()),
                     .floor = pg::IdOf<FloorId>(row[1].c_str()),
                     .first = pg::TimeOf(row[2].c_str()),
                     .last = pg::TimeOf(row[3].c_str())});
  }
  return pairs;
}

void MayGoForAge(const RetentionTerms& terms, WallTime now, std::vector<RecordedPair>& pairs) {
  for (RecordedPair& pair : pairs)
    pair.may_go_to = now - terms.For(pair.camera, pair.floor, now).rule->keep;
}

void MayGoForSpace(const RetentionTerms& terms, WallTime now, std::vector<RecordedPair>& pairs) {
  for (RecordedPair& pair : pairs)
    pair.may_go_to = now - terms.For(pair.camera, pair.floor, now).rule->minimum;
}

PairArrays::PairArrays(const std::vector<RecordedPair>& pairs) {
  for (const RecordedPair& pair : pairs) {
    cameras.Add(ToString(pair.camera));
    floors.Add(ToString(pair.floor));
    firsts.Add(pg::TimeParameter(pair.first));
    lasts.Add(pg::TimeParameter(pair.last));
    may_go_to.Add(pg::TimeParameter(pair.may_go_to));
  }
}

}  // namespace yagura::storage
