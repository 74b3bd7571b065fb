#include "api/places.h"

#include "access_control/visible.h"
#include "api/json_bodies.h"
#include "api/places_pg.h"

namespace yagura::api {
namespace {

Json PlaceJson(const PlaceView& place) {
  return Json::Object({{"id", place.id}, {"code", place.code}, {"name", place.name}});
}

Json FloorJson(const FloorView& floor) {
  Json json = PlaceJson(floor.place);
  json.Set("ordinal", floor.ordinal);
  json.Set("cameras", CountsJson(floor.cameras));
  return json;
}

Json BuildingJson(const BuildingView& building) {
  Json json = PlaceJson(building.place);
  Json floors = Json::Array();
  for (const FloorView& floor : building.floors) floors.Push(FloorJson(floor));
  json.Set("floors", std::move(floors));
  return json;
}

Json SiteJson(const SiteView& site) {
  Json json = PlaceJson(site.place);
  Json buildings = Json::Array();
  for (const BuildingView& building : site.buildings) buildings.Push(BuildingJson(building));
  json.Set("buildings", std::move(buildings));
  return json;
}

}  // namespace

Result<Response> ListPlaces(const Call&, const access_control::Permit& permit) {
  const auto cameras =
      access_control::VisibleCameras(permit.facts(), permit.principal().person, permit.now());
  Json items = Json::Array();
  for (const SiteView& site : PlacesOf(permit.transaction(), cameras, permit.now()))
    items.Push(SiteJson(site));
  return JsonResponse(ListOf(std::move(items), std::nullopt));
}

}  // namespace yagura::api
