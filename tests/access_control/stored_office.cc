#include "tests/access_control/stored_office.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/pg/values.h"

namespace yagura::access_control {
namespace {

constexpr auto kEmpty =
    "TRUNCATE site, building, floor, unit, camera, person, volume, run, clip, gap, "
    "growing_clip CASCADE;";

template <class IdType>
std::string Quoted(const IdType& id) {
  return "'" + ToString(id) + "'";
}
std::string Quoted(WallTime time) { return "'" + pg::TimeParameter(time) + "'"; }
std::string Range(const WallRange& valid) { return Quoted(valid.from) + "," + Quoted(valid.to); }

std::string StateName(CameraState state) {
  if (state == CameraState::kSuspended) return "'suspended'";
  return state == CameraState::kStaged ? "'staged'" : "'in_service'";
}

std::string PlacesSql(const FactSet& set) {
  std::string sql =
      "INSERT INTO site VALUES ('00000000-0000-4000-8000-000000000001', 'S', 'canary site');"
      "INSERT INTO building VALUES ('00000000-0000-4000-8000-000000000002', "
      "'00000000-0000-4000-8000-000000000001', 'B', 'canary building');";
  for (const FloorId& floor : set.floors) {
    sql += "INSERT INTO floor VALUES (" + Quoted(floor) +
           ", '00000000-0000-4000-8000-000000000002', " + Quoted(floor) + ", 'canary floor', 1);";
  }
  for (const CameraId& camera : set.cameras) {
    sql += "INSERT INTO camera VALUES (" + Quoted(camera) + "," + Quoted(camera) +
           ", 'canary camera');";
  }
  for (const auto& one : set.placements) {
    sql += "INSERT INTO placement VALUES (" + Quoted(one.camera) + "," + Quoted(one.floor) + "," +
           Range(one.valid) + ");";
  }
  for (const auto& one : set.camera_states) {
    sql += "INSERT INTO camera_state VALUES (" + Quoted(one.camera) + "," + StateName(one.state) +
           "," + Range(one.valid) + ");";
  }
  return sql;
}

std::string PeopleSql(const FactSet& set) {
  std::string sql;
  for (const UnitFact& unit : set.units) {
    sql += "INSERT INTO unit VALUES (" + Quoted(unit.id) + "," +
           (unit.parent ? Quoted(*unit.parent) : "NULL") + "," + Quoted(unit.id) +
           ", 'canary unit', " + Range(unit.valid) + ");";
  }
  for (const SuccessionFact& one : set.successions) {
    sql += "INSERT INTO unit_succession VALUES (" + Quoted(one.unit) + "," + Quoted(one.successor) +
           ");";
  }
  for (const ChargeFact& one : set.charges) {
    sql += "INSERT INTO charge VALUES (" + Quoted(one.camera) + "," + Quoted(one.unit) + "," +
           Range(one.valid) + ");";
  }
  for (const PersonFact& one : set.persons) {
    sql += "INSERT INTO person VALUES (" + Quoted(one.id) + "," + Quoted(one.id) +
           ", 'canary person', 'canary hash', " +
           (one.disabled_at ? Quoted(*one.disabled_at) : "NULL") + ");";
  }
  for (const AssignmentFact& one : set.assignments) {
    sql += "INSERT INTO assignment VALUES (" + Quoted(one.id) + "," + Quoted(one.person) + ",'" +
           std::string(ToString(one.post)) + "'," + Quoted(one.unit) + "," + Range(one.valid) +
           ");";
  }
  return sql;
}

/// camera, stream, unit and floor of a stretch of footage.
std::string OwnerOf(const Footage& footage, FloorId floor) {
  return Quoted(footage.camera) + ", 'main', " + Quoted(footage.unit) + "," + Quoted(floor);
}

std::string ClipSql(const StoredClip& clip, const VolumeId& volume) {
  const WallRange& range = clip.footage.range;
  return "INSERT INTO run (id, camera_id, stream, unit_id, floor_id, start_at, media_start, clock, "
         "codec, width_px, height_px, init_sha256)"
         " VALUES (" +
         Quoted(clip.run) + "," + OwnerOf(clip.footage, clip.floor) + "," + Quoted(range.from) +
         ", 0, 'synchronised', 'avc1.4d401f', 640, 360, '\\x00');"
         "INSERT INTO clip (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, "
         "start_at, end_at, media_start, media_end,"
         " bytes, header_bytes, fragments_from, fragments_to, sha256, frames, keyframes, clock, "
         "ended_by, expiring_since, expiring_rule)"
         " VALUES (" +
         Quoted(clip.run) + ", 0, " + OwnerOf(clip.footage, clip.floor) + "," + Quoted(volume) +
         "," + Range(range) +
         ", 0, 1, 100, 10, 20, 90, '\\x00', 1, '\\x00', 'synchronised', 'rolled', " +
         (clip.expiring ? "now(), 'age'" : "NULL, NULL") + ");";
}

/// Another clip of the run, which is being written: from when the first one begins.
std::string GrowingClipSql(const StoredClip& clip, const VolumeId& volume) {
  return "INSERT INTO growing_clip (run_id, sequence, camera_id, stream, unit_id, floor_id, "
         "volume_id, start_at, media_start, clock) VALUES (" +
         Quoted(clip.run) + ", 1, " + OwnerOf(clip.footage, clip.floor) + "," + Quoted(volume) +
         "," + Quoted(clip.footage.range.from) + ", 0, 'synchronised');";
}

std::string GapSql(const StoredGap& gap) {
  return "INSERT INTO gap VALUES (" + Quoted(gap.id) + "," + OwnerOf(gap.footage, gap.floor) + "," +
         Range(gap.footage.range) + ", 'camera_unreachable');";
}

}  // namespace

std::unique_ptr<testing::MigratedPostgres> StoredOffice::NewDatabase() {
  static std::shared_ptr<testing::PostgresCluster> cluster;  // ends with the program
  if (!cluster) {
    auto made = testing::CreateMigratedCluster();
    if (!made.has_value()) ADD_FAILURE() << ToString(made.error());
    CHECK(made.has_value());
    cluster = *std::move(made);
  }
  auto database = testing::MigratedPostgres::CreateIn(cluster);
  CHECK(database.has_value());
  return *std::move(database);
}

void StoredOffice::Store(const FactSet& set, const std::vector<StoredClip>& clips,
                         const std::vector<StoredGap>& gaps) {
  const auto volume = NewId<VolumeId>();
  std::string sql = kEmpty + PlacesSql(set) + PeopleSql(set);
  sql += "INSERT INTO volume (id, path) VALUES (" + Quoted(volume) + ", '/canary');";
  sql += "SELECT ensure_clip_partitions(current_date - 3, current_date + 4, 'Asia/Tokyo');";
  sql += "INSERT INTO recorder_alive (at) VALUES ('2100-01-01') ON CONFLICT DO NOTHING;";
  for (const StoredClip& clip : clips) sql += ClipSql(clip, volume) + GrowingClipSql(clip, volume);
  for (const StoredGap& gap : gaps) sql += GapSql(gap);
  Run(sql);
}

Caller StoredOffice::StartSession(PersonId person) {
  // 43 characters, as a token has; the ids in it are random.
  std::string token = ToString(NewId<SessionId>()) + "tokenXX";
  Run("INSERT INTO session (person_id, token_sha256, terminal, factors) VALUES (" + Quoted(person) +
      ", sha256('" + token + "'), 'terminal-1', 2)");
  return {token, "terminal-1", "request-1"};
}

std::string StoredOffice::Run(const std::string& sql) {
  auto answer = database_.Ask(sql);
  if (answer.find("sqlstate") != std::string::npos)
    ADD_FAILURE() << answer << " in " << sql.substr(0, 300);
  return answer;
}

StoredClip ClipOf(const Footage& footage, FloorId floor) {
  return {NewId<RunId>(), footage, floor, false};
}

}  // namespace yagura::access_control
