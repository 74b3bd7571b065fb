#include "storage/rebuild_queries_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::storage {
namespace {

using pg::ArrayOf;
using pg::IdOf;
using pg::TimeParameter;

constexpr char kAddVolume[] = R"(
  INSERT INTO volume (id, path, limit_bytes) VALUES ($1, $2, nullif($3::bigint, 0))
  ON CONFLICT (id) DO NOTHING)";

constexpr char kKnownRuns[] = "SELECT id FROM run WHERE id = ANY ($1::uuid[])";

constexpr char kKnownClips[] = R"(
  SELECT run_id, sequence FROM clip
  WHERE run_id = ANY ($1::uuid[]) AND start_at >= $2::timestamptz AND start_at < $3::timestamptz
  UNION ALL SELECT run_id, sequence FROM clip_deletion WHERE run_id = ANY ($1::uuid[]))";

// Clips of a run start within 26 hours of it (docs/design/catalogue.md, C3). One without clips was
// begun and came to nothing.
constexpr char kEndRuns[] = R"(
  UPDATE run SET end_at = coalesce(last.end_at, run.start_at), media_end = coalesce(last.media_end, run.media_start)
  FROM run AS open LEFT JOIN LATERAL (
    SELECT clip.end_at, clip.media_end FROM clip
    WHERE clip.run_id = open.id AND clip.start_at >= open.start_at - interval '1 minute'
      AND clip.start_at < open.start_at + interval '26 hours'
    ORDER BY clip.sequence DESC LIMIT 1) AS last ON true
  WHERE run.id = open.id AND open.id = ANY ($1::uuid[]) AND open.end_at IS NULL)";

constexpr char kEndGaps[] = R"(
  UPDATE gap SET end_at = next.start_at
  FROM gap AS open CROSS JOIN LATERAL (
    SELECT least(
      (SELECT min(clip.start_at) FROM clip
       WHERE clip.camera_id = open.camera_id AND clip.stream = open.stream AND clip.start_at >= open.start_at),
      (SELECT min(later.start_at) FROM gap AS later
       WHERE later.camera_id = open.camera_id AND later.stream = open.stream AND later.start_at > open.start_at)) AS start_at) AS next
  WHERE gap.id = open.id AND open.id = ANY ($1::uuid[]) AND open.end_at IS NULL AND next.start_at IS NOT NULL)";

template <class IdType>
std::set<IdType> ReadIds(const pqxx::result& rows) {
  std::set<IdType> ids;
  for (const pqxx::row& row : rows) ids.insert(IdOf<IdType>(row[0].c_str()));
  return ids;
}

template <class IdType>
std::vector<IdType> ListOf(const std::set<IdType>& ids) {
  return {ids.begin(), ids.end()};
}

}  // namespace

KnownFacts ReadKnownFacts(pqxx::transaction_base& transaction) {
  return {.cameras = ReadIds<CameraId>(transaction.exec("SELECT id FROM camera")),
          .units = ReadIds<UnitId>(transaction.exec("SELECT id FROM unit")),
          .floors = ReadIds<FloorId>(transaction.exec("SELECT id FROM floor"))};
}

void AddVolumes(pqxx::transaction_base& transaction,
                const std::vector<VolumeRegistration>& volumes) {
  for (const VolumeRegistration& volume : volumes) {
    transaction.exec_params0(kAddVolume, ToString(volume.id), volume.path,
                             volume.limit_bytes.value_or(0));
  }
}

KnownClipRows ReadKnownClipRows(pqxx::transaction_base& transaction, const std::set<RunId>& runs,
                                const WallRange& day) {
  const std::string ids = ArrayOf(ListOf(runs));
  KnownClipRows known{.runs = ReadIds<RunId>(transaction.exec_params(kKnownRuns, ids)),
                      .clips = {}};
  for (const pqxx::row& row :
       transaction.exec_params(kKnownClips, ids, TimeParameter(day.from), TimeParameter(day.to))) {
    known.clips.insert({IdOf<RunId>(row[0].c_str()), row[1].as<std::uint32_t>()});
  }
  return known;
}

OpenRows ReadOpenRows(pqxx::transaction_base& transaction) {
  return {
      .runs = ListOf(ReadIds<RunId>(transaction.exec("SELECT id FROM run WHERE end_at IS NULL"))),
      .gaps = ListOf(ReadIds<GapId>(transaction.exec("SELECT id FROM gap WHERE end_at IS NULL")))};
}

std::size_t EndRows(pqxx::transaction_base& transaction, const OpenRows& rows) {
  const auto runs = transaction.exec_params(kEndRuns, ArrayOf(rows.runs));
  const auto gaps = transaction.exec_params(kEndGaps, ArrayOf(rows.gaps));
  return static_cast<std::size_t>(runs.affected_rows() + gaps.affected_rows());
}

}  // namespace yagura::storage
