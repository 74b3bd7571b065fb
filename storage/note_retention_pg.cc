#include "storage/note_retention_pg.h"

#include <pqxx/pqxx>
#include <string>

#include "core/pg/values.h"

namespace yagura::storage {
namespace {

// Until when what is noted of each camera tells of no footage; least() passes over what is null.
constexpr char kOld[] = R"(
  WITH old AS (
    SELECT camera.id AS camera_id,
      least($1::timestamptz, (SELECT min(start_at) FROM clip WHERE clip.camera_id = camera.id)) AS until
    FROM camera)
  )";
constexpr char kReceptions[] = R"(
  DELETE FROM reception USING old WHERE reception.camera_id = old.camera_id AND to_at <= until)";
constexpr char kCameraClocks[] = R"(
  DELETE FROM camera_clock USING old
    WHERE camera_clock.camera_id = old.camera_id AND at < until AND EXISTS (
      SELECT FROM camera_clock AS later
      WHERE later.camera_id = old.camera_id AND later.at > camera_clock.at AND later.at <= until))";
// By the two indexes (volume_id, start_at) of each partition, and by that of each camera's gaps.
constexpr char kClockSteps[] = R"(
  DELETE FROM clock_step
    WHERE greatest(before_at, after_at) <= least($1::timestamptz, (
        SELECT min(first) FROM volume, LATERAL (
          (SELECT start_at FROM clip WHERE volume_id = volume.id AND local_gone_at IS NULL ORDER BY start_at LIMIT 1)
          UNION ALL
          (SELECT start_at FROM clip WHERE volume_id = volume.id AND local_gone_at IS NOT NULL ORDER BY start_at LIMIT 1)
        ) AS oldest (first)))
      AND NOT EXISTS (SELECT FROM camera, LATERAL (
        SELECT FROM gap
        WHERE camera_id = camera.id AND start_at < before_at AND (end_at IS NULL OR end_at > after_at)
        LIMIT 1) AS lived_twice WHERE after_at < before_at))";

}  // namespace

void DeleteOldNotes(pqxx::transaction_base& transaction, const RetentionRule& rule, WallTime now) {
  const std::string kept_from = pg::TimeParameter(now - rule.keep);
  transaction.exec_params0(std::string(kOld) + kReceptions, kept_from);
  transaction.exec_params0(std::string(kOld) + kCameraClocks, kept_from);
  transaction.exec_params0(kClockSteps, kept_from);
}

}  // namespace yagura::storage
