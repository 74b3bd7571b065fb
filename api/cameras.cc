#include "api/cameras.h"

#include <algorithm>

#include "access_control/visible.h"
#include "api/cameras_pg.h"
#include "api/json_bodies.h"
#include "api/parameters.h"
#include "fleet/camera.h"

namespace yagura::api {
namespace {

using access_control::Permit;

constexpr std::chrono::hours kRangeMax{24 * 366 * 10};
constexpr std::size_t kTextBytesMax = 200;

/// Whether a dated fact counts for a list of now, or of `then`.
bool Counts(const WallRange& valid, WallTime now, const std::optional<WallRange>& then) {
  return access_control::Contains(valid, now) ||
         (then && valid.from <= now && Overlaps(valid, *then));
}

bool StandsOn(const Permit& permit, CameraId camera, FloorId floor,
              const std::optional<WallRange>& then) {
  const auto placements = permit.facts().PlacementsOf(camera);
  return std::any_of(placements.begin(), placements.end(), [&](const auto& placement) {
    return placement.floor == floor && Counts(placement.valid, permit.now(), then);
  });
}

bool IsInCharge(const Permit& permit, CameraId camera, UnitId unit,
                const std::optional<WallRange>& then) {
  const auto charges = permit.facts().ChargesOf(camera);
  return std::any_of(charges.begin(), charges.end(), [&](const auto& charge) {
    const bool within = permit.facts().IsWithin(charge.unit, unit) ||
                        permit.facts().IsHeldWithin(charge.unit, unit, permit.now());
    return within && Counts(charge.valid, permit.now(), then);
  });
}

/// An id in a filter that one may not know is not found, also where another filter was the call's
/// resource.
Result<UnitId> VisibleDepartment(const Permit& permit, std::string_view text) {
  const auto unit = ParseId<UnitId>(text);
  const bool visible =
      unit && access_control::VisibilityOf(permit.facts(), permit.principal().person, *unit,
                                           permit.now()) != access_control::Visibility::kNone;
  if (!visible) return Failure(ErrorCode::kNotFound, "no such department");
  return *unit;
}

Result<std::vector<CameraId>> Candidates(const Call& call, const Permit& permit) {
  ASSIGN_OR_RETURN(const auto then, OptionalRange(call, kRangeMax));
  auto cameras =
      access_control::VisibleCameras(permit.facts(), permit.principal().person, permit.now(), then);
  if (const auto floor = call.Query("floor")) {
    const auto id = ParseId<FloorId>(*floor);
    std::erase_if(cameras,
                  [&](CameraId camera) { return !id || !StandsOn(permit, camera, *id, then); });
  }
  if (const auto department = call.Query("department")) {
    ASSIGN_OR_RETURN(const UnitId id, VisibleDepartment(permit, *department));
    std::erase_if(cameras, [&](CameraId camera) { return !IsInCharge(permit, camera, id, then); });
  }
  return cameras;
}

Result<CameraSearch> SearchOf(const Call& call) {
  CameraSearch search;
  ASSIGN_OR_RETURN(search.limit, LimitOf(call));
  if (const auto state = call.Query("state")) {
    if (!fleet::ParseCameraState(*state)) return InvalidArgument("state: no such state");
    search.state = std::string(*state);
  }
  if (const auto phase = call.Query("phase")) {
    if (phase->size() > kTextBytesMax) return InvalidArgument("phase is too long");
    search.phase = std::string(*phase);
  }
  if (const auto text = call.Query("q")) {
    if (text->size() > kTextBytesMax) return InvalidArgument("q is too long");
    search.text = std::string(*text);
  }
  if (const auto cursor = call.Query("cursor")) search.after_code = std::string(*cursor);
  return search;
}

Json TimeOrNull(const std::optional<WallTime>& time) {
  return time ? Json(FormatRfc3339(*time)) : Json();
}

Json HealthJson(const CameraView::Health& health) {
  Json picture;
  if (health.picture_fault) {
    picture = Json::Object(
        {{"fault", *health.picture_fault}, {"since", TimeOrNull(health.picture_since)}});
  }
  return Json::Object({{"condition", health.condition},
                       {"since", TimeOrNull(health.since)},
                       {"reason", health.reason ? Json(*health.reason) : Json()},
                       {"picture", picture}});
}

Json CameraJson(const CameraView& view) {
  Json camera = Json::Object({{"id", ToString(view.id)}, {"code", view.code}, {"name", view.name}});
  camera.Set("floor_id", IdOrNull(view.floor));
  camera.Set("department_id", IdOrNull(view.department));
  camera.Set("phase", view.phase ? Json(*view.phase) : Json());
  camera.Set("state", view.state ? Json(*view.state) : Json());
  camera.Set("health", view.health ? HealthJson(*view.health) : Json());
  camera.Set("sub_stream", view.sub_stream_recorded
                               ? Json::Object({{"recorded", *view.sub_stream_recorded}})
                               : Json());
  return camera;
}

}  // namespace

Result<Response> ListCameras(const Call& call, const Permit& permit) {
  ASSIGN_OR_RETURN(CameraSearch search, SearchOf(call));
  ASSIGN_OR_RETURN(search.among, Candidates(call, permit));
  const std::uint32_t page = search.limit++;  // one more tells whether there are more
  auto cameras = FindCameras(permit.transaction(), search, permit.now());
  std::optional<std::string> next;
  if (CutToPage(cameras, page)) next = cameras.back().code;
  Json items = Json::Array();
  for (const CameraView& camera : cameras) items.Push(CameraJson(camera));
  return JsonResponse(ListOf(std::move(items), next));
}

Result<Response> ShowCamera(const Call& call, const Permit& permit) {
  CameraSearch search;
  search.among.push_back(ParseId<CameraId>(call.Path("id")).value_or(CameraId{}));
  const auto found = FindCameras(permit.transaction(), search, permit.now());
  if (found.empty()) return Failure(ErrorCode::kNotFound, "no such camera");
  return JsonResponse(CameraJson(found.front()));
}

}  // namespace yagura::api
