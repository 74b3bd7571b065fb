#include "fleet/phase_board_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::fleet {
namespace {

constexpr const char* kBoard = R"(
  SELECT camera.code, camera.name, coalesce(site.code || '/' || building.code || '/' || floor.code, ''),
         coalesce(floor.name, ''), coalesce(unit.code, ''), present.state, present.valid_from, later.state, later.valid_from,
         EXISTS (SELECT FROM run WHERE run.camera_id = camera.id AND coalesce(end_at, 'infinity') > present.valid_from),
         hole.reason, hole.start_at
  FROM camera
  LEFT JOIN camera_state AS present
    ON present.camera_id = camera.id AND present.valid_from <= $2 AND $2 < present.valid_to
  LEFT JOIN LATERAL (
    SELECT state, valid_from FROM camera_state WHERE camera_id = camera.id AND valid_from > $2 ORDER BY valid_from LIMIT 1)
    AS later ON true
  LEFT JOIN LATERAL (
    SELECT reason, start_at FROM gap WHERE camera_id = camera.id AND end_at IS NULL ORDER BY start_at DESC LIMIT 1)
    AS hole ON true
  LEFT JOIN placement
    ON placement.camera_id = camera.id AND placement.valid_from <= $2 AND $2 < placement.valid_to
  LEFT JOIN floor ON floor.id = floor_id LEFT JOIN building ON building.id = building_id LEFT JOIN site ON site.id = site_id
  LEFT JOIN charge ON charge.camera_id = camera.id AND charge.valid_from <= $2 AND $2 < charge.valid_to
  LEFT JOIN unit ON unit.id = unit_id
  WHERE phase_id = $1 AND present.state IS DISTINCT FROM 'retired'
  ORDER BY site.code, building.code, floor.ordinal, floor.code, camera.code)";

CameraState StateIn(const pqxx::field& field) {
  return ParseCameraState(field.c_str()).value_or(CameraState::kPlanned);
}

BoardCamera CameraIn(const pqxx::row& row) {
  BoardCamera camera;
  camera.code = row[0].c_str();
  camera.name = row[1].c_str();
  camera.floor = row[2].c_str();
  camera.floor_name = row[3].c_str();
  camera.unit = row[4].c_str();
  if (!row[5].is_null()) {
    camera.state = StateIn(row[5]);
    camera.since = pg::TimeOf(row[6].c_str());
  }
  if (!row[7].is_null()) camera.next = {StateIn(row[7]), pg::TimeOf(row[8].c_str())};
  camera.recorded = row[9].as<bool>();
  if (!row[10].is_null() && IsRecorded(camera.state)) {
    camera.missing = {row[10].c_str(), pg::TimeOf(row[11].c_str())};
  }
  return camera;
}

}  // namespace

std::vector<BoardCamera> ReadPhaseBoard(pqxx::transaction_base& transaction, PhaseId phase,
                                        WallTime at) {
  std::vector<BoardCamera> cameras;
  for (const auto& row : transaction.exec_params(kBoard, ToString(phase), pg::TimeParameter(at))) {
    cameras.push_back(CameraIn(row));
  }
  return cameras;
}

}  // namespace yagura::fleet
