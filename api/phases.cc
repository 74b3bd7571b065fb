#include "api/phases.h"

#include "access_control/visible.h"
#include "api/json_bodies.h"
#include "api/phases_pg.h"

namespace yagura::api {
namespace {

Json PhaseJson(const PhaseView& phase) {
  Json missing = Json::Array();
  for (const auto& [id, code, state] : phase.missing)
    missing.Push(Json::Object({{"id", id}, {"code", code}, {"state", fleet::ToString(state)}}));
  return Json::Object({{"id", phase.id},
                       {"code", phase.code},
                       {"name", phase.name},
                       {"starts_at", InstantOrNull(phase.starts_at)},
                       {"cameras", CountsJson(phase.cameras)},
                       {"missing", std::move(missing)}});
}

}  // namespace

Result<Response> ListPhases(const Call&, const access_control::Permit& permit) {
  const PersonId person = permit.principal().person;
  const auto cameras = access_control::VisibleCameras(permit.facts(), person, permit.now());
  const bool sees_all = access_control::SeesAllMetadata(permit.facts(), person, permit.now());
  Json items = Json::Array();
  for (const PhaseView& phase : PhasesOf(permit.transaction(), cameras, permit.now())) {
    if (sees_all || !phase.cameras.empty()) items.Push(PhaseJson(phase));
  }
  return JsonResponse(ListOf(std::move(items), std::nullopt));
}

}  // namespace yagura::api
