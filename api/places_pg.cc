#include "api/places_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::api {
namespace {

// A camera without a state is planned.
constexpr char kFloors[] = R"(
  SELECT site.id, site.code, site.name, building.id, building.code, building.name, floor.id, floor.code, floor.name, floor.ordinal,
         coalesce(camera_state.state, 'planned'), count(*)
  FROM unnest($1::uuid[]) AS seen (id)
    JOIN placement ON placement.camera_id = seen.id AND placement.valid_from <= $2 AND $2 < placement.valid_to
    JOIN floor ON floor.id = placement.floor_id
    JOIN building ON building.id = floor.building_id
    JOIN site ON site.id = building.site_id
    LEFT JOIN camera_state ON camera_state.camera_id = seen.id AND camera_state.valid_from <= $2 AND $2 < camera_state.valid_to
  GROUP BY site.id, site.code, site.name, building.id, building.code, building.name, floor.id, floor.code, floor.name, floor.ordinal, 11
  ORDER BY site.code, building.code, floor.ordinal, floor.code)";

PlaceView PlaceIn(const pqxx::row& row, pqxx::row::size_type column) {
  return {row[column].c_str(), row[column + 1].c_str(), row[column + 2].c_str()};
}

/// The last of `views`, which is the one of `place`: rows are in order.
template <class View>
View& LastFor(std::vector<View>& views, PlaceView place) {
  if (views.empty() || views.back().place.id != place.id) {
    views.emplace_back();
    views.back().place = std::move(place);
  }
  return views.back();
}

}  // namespace

std::vector<SiteView> PlacesOf(pqxx::transaction_base& transaction,
                               const std::vector<CameraId>& cameras, WallTime now) {
  std::vector<SiteView> sites;
  for (const auto& row :
       transaction.exec_params(kFloors, pg::ArrayOf(cameras), pg::TimeParameter(now))) {
    SiteView& site = LastFor(sites, PlaceIn(row, 0));
    BuildingView& building = LastFor(site.buildings, PlaceIn(row, 3));
    FloorView& floor = LastFor(building.floors, PlaceIn(row, 6));
    floor.ordinal = row[9].as<int>();
    const auto state = fleet::ParseCameraState(row[10].c_str());
    if (state) floor.cameras[*state] += row[11].as<std::uint64_t>();
  }
  return sites;
}

}  // namespace yagura::api
