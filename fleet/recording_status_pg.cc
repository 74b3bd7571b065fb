#include "fleet/recording_status_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::fleet {
namespace {

// Of the cameras due now, as the recorder last said it; `since` as the API has it.
constexpr const char* kHealth =
    "WITH due AS (SELECT camera_id, condition, reason, since, picture_fault, picture_since "
    "FROM camera_health "
    "WHERE due_from <= $1 AND $1 < due_to) ";
constexpr const char* kCount =
    "SELECT count(*), count(*) FILTER (WHERE condition = 'recording') FROM due";
constexpr const char* kMissing =
    "SELECT reason, count(*) FROM due WHERE condition = 'missing' GROUP BY reason "
    "ORDER BY 2 DESC, 1";
constexpr const char* kNamed =
    "SELECT code, name, reason, since FROM due JOIN camera ON camera.id = camera_id "
    "WHERE condition = 'missing' ORDER BY code LIMIT $2";
constexpr const char* kFaulty =
    "SELECT code, name, picture_fault, picture_since FROM due JOIN camera ON camera.id = camera_id "
    "WHERE picture_fault IS NOT NULL ORDER BY code LIMIT $2";
constexpr const char* kFoundTransports =
    "SELECT transport, count(*) FROM due JOIN found_transport USING (camera_id) GROUP BY transport "
    "ORDER BY transport";
constexpr const char* kClockSteps =
    "SELECT before_at, after_at FROM clock_step WHERE after_at > $1::timestamptz - interval '1 "
    "day' "
    "AND after_at <= $1::timestamptz ORDER BY after_at DESC LIMIT $2";
constexpr const char* kCameraClocks =
    "SELECT code, name, offset_us, drift_ppb, at FROM camera, LATERAL "
    "(SELECT offset_us, drift_ppb, at FROM camera_clock WHERE camera_id = camera.id "
    "ORDER BY at DESC LIMIT 1) AS latest "
    "WHERE abs(offset_us) >= 1000000 ORDER BY code LIMIT $1";
// The name of each session's role is shown to everyone.
constexpr const char* kRecorderConnected =
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'yagura_record' "
    "AND datname = current_database())";
constexpr const char* kKept =
    "SELECT coalesce(sum(stored_clips), 0), coalesce(sum(stored_bytes), 0), "
    "count(*) FILTER (WHERE full_since IS NOT NULL) FROM volume";
// By the two indexes (volume_id, start_at) of each partition.
constexpr const char* kEnds =
    "SELECT least(min(first), min(first_moved)), greatest(max(last), max(last_moved)) "
    "FROM volume, LATERAL (SELECT "
    "(SELECT start_at FROM clip WHERE volume_id = volume.id AND local_gone_at IS NULL "
    "ORDER BY start_at LIMIT 1) AS first, "
    "(SELECT start_at FROM clip WHERE volume_id = volume.id AND local_gone_at IS NOT NULL "
    "ORDER BY start_at LIMIT 1) AS first_moved, "
    "(SELECT end_at FROM clip WHERE volume_id = volume.id AND local_gone_at IS NULL "
    "ORDER BY start_at DESC LIMIT 1) AS last, "
    "(SELECT end_at FROM clip WHERE volume_id = volume.id AND local_gone_at IS NOT NULL "
    "ORDER BY start_at DESC LIMIT 1) AS last_moved) AS ends";

std::optional<WallTime> TimeOrNothing(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return pg::TimeOf(field.c_str());
}

}  // namespace

RecordingStatus ReadRecordingStatus(pqxx::transaction_base& transaction, WallTime now) {
  RecordingStatus status;
  status.at = now;
  const std::string at = pg::TimeParameter(now);
  status.recorder_connected = transaction.exec1(kRecorderConnected)[0].as<bool>();
  const auto counts = transaction.exec_params1(std::string(kHealth) + kCount, at);
  status.due = counts[0].as<int>();
  status.recording = counts[1].as<int>();
  for (const auto& row : transaction.exec_params(std::string(kHealth) + kMissing, at)) {
    status.missing.push_back({row[0].c_str(), row[1].as<int>()});
  }
  for (const auto& row :
       transaction.exec_params(std::string(kHealth) + kNamed, at, RecordingStatus::kNamedMax)) {
    status.missing_cameras.push_back(
        {row[0].c_str(), row[1].c_str(), row[2].c_str(), pg::TimeOf(row[3].c_str())});
  }
  for (const auto& row :
       transaction.exec_params(std::string(kHealth) + kFaulty, at, RecordingStatus::kNamedMax)) {
    status.faulty_pictures.push_back(
        {row[0].c_str(), row[1].c_str(), row[2].c_str(), pg::TimeOf(row[3].c_str())});
  }
  for (const auto& row : transaction.exec_params(std::string(kHealth) + kFoundTransports, at)) {
    status.found_transports.push_back({row[0].c_str(), row[1].as<int>()});
  }
  for (const auto& row : transaction.exec_params(kClockSteps, at, RecordingStatus::kNamedMax)) {
    status.clock_steps.push_back({pg::TimeOf(row[0].c_str()), pg::TimeOf(row[1].c_str())});
  }
  for (const auto& row : transaction.exec_params(kCameraClocks, RecordingStatus::kNamedMax)) {
    std::optional<double> drift_ppm;
    if (!row[3].is_null()) drift_ppm = static_cast<double>(row[3].as<std::int64_t>()) / 1'000;
    status.camera_clocks.push_back({row[0].c_str(), row[1].c_str(),
                                    microseconds(row[2].as<std::int64_t>()), drift_ppm,
                                    pg::TimeOf(row[4].c_str())});
  }
  const auto kept = transaction.exec1(kKept);
  status.clips = kept[0].as<std::int64_t>();
  status.bytes = kept[1].as<std::uint64_t>();
  status.volumes_full = kept[2].as<int>();
  const auto ends = transaction.exec1(kEnds);
  status.oldest = TimeOrNothing(ends[0]);
  status.newest = TimeOrNothing(ends[1]);
  return status;
}

}  // namespace yagura::fleet
