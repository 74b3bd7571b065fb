#include "api/cameras_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {
namespace {

constexpr char kFind[] = R"(
  SELECT camera.id, camera.code, called.name, placement.floor_id, charge.unit_id, camera_state.state, phase.code,
         health.condition, health.reason, health.since, health.picture_fault, health.picture_since,
         sub.record_sub
  FROM camera
    CROSS JOIN LATERAL (  -- now, or the last instant at which a unit was in charge that one may know of
      SELECT least($2, max(valid_to) - interval '1 microsecond') AS at FROM charge
        WHERE camera_id = camera.id AND valid_from <= $2 AND NOT (SELECT sees_all_metadata())) AS seen
    CROSS JOIN LATERAL (
      SELECT coalesce((SELECT name FROM camera_former_name
                         WHERE camera_id = camera.id AND valid_from <= seen.at AND seen.at < valid_to), camera.name) AS name) AS called
    LEFT JOIN camera_stream AS sub ON sub.camera_id = camera.id AND sub.stream = 'sub' AND seen.at >= $2
    LEFT JOIN phase ON phase.id = camera.phase_id AND seen.at >= $2  -- what phase it belongs to is not dated
    LEFT JOIN placement ON placement.camera_id = camera.id AND placement.valid_from <= seen.at AND seen.at < placement.valid_to
    LEFT JOIN charge ON charge.camera_id = camera.id AND charge.valid_from <= seen.at AND seen.at < charge.valid_to
    LEFT JOIN camera_state
      ON camera_state.camera_id = camera.id AND camera_state.valid_from <= seen.at AND seen.at < camera_state.valid_to
    LEFT JOIN seen_camera_health AS health ON health.camera_id = camera.id AND health.camera_id = ANY ($1::uuid[])
  WHERE camera.id = ANY ($1::uuid[])
    AND ($3::text IS NULL OR camera_state.state = $3)
    AND ($4::text IS NULL OR strpos(lower(camera.code), lower($4)) > 0 OR strpos(lower(called.name), lower($4)) > 0)
    AND ($5::text IS NULL OR camera.code > $5)
    AND ($7::text IS NULL OR phase.code = $7)
  ORDER BY camera.code LIMIT $6)";

const char* OrNull(const std::optional<std::string>& text) {
  return text ? text->c_str() : nullptr;
}

template <class IdType>
std::optional<IdType> IdOrNone(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return pg::IdOf<IdType>(field.c_str());
}

std::optional<std::string> TextOrNone(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.c_str();
}

std::optional<WallTime> TimeOrNone(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return pg::TimeOf(field.c_str());
}

std::optional<CameraView::Health> HealthOf(const pqxx::row& row) {
  if (row[7].is_null()) return std::nullopt;
  return CameraView::Health{.condition = row[7].c_str(),
                            .reason = TextOrNone(row[8]),
                            .since = TimeOrNone(row[9]),
                            .picture_fault = TextOrNone(row[10]),
                            .picture_since = TimeOrNone(row[11])};
}

CameraView ViewOf(const pqxx::row& row) {
  CameraView view;
  view.id = pg::IdOf<CameraId>(row[0].c_str());
  view.code = row[1].c_str();
  view.name = row[2].c_str();
  view.floor = IdOrNone<FloorId>(row[3]);
  view.department = IdOrNone<UnitId>(row[4]);
  view.state = TextOrNone(row[5]);
  view.phase = TextOrNone(row[6]);
  view.health = HealthOf(row);
  if (!row[12].is_null()) view.sub_stream_recorded = row[12].as<bool>();
  return view;
}

}  // namespace

std::vector<CameraView> FindCameras(pqxx::transaction_base& transaction, const CameraSearch& search,
                                    WallTime now) {
  const auto rows = transaction.exec_params(
      kFind, pg::ArrayOf(search.among), pg::TimeParameter(now), OrNull(search.state),
      OrNull(search.text), OrNull(search.after_code), search.limit, OrNull(search.phase));
  std::vector<CameraView> views;
  for (const auto& row : rows) views.push_back(ViewOf(row));
  return views;
}

}  // namespace yagura::api
