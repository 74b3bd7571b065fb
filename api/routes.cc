#include "api/routes.h"

#include "api/assignments.h"
#include "api/cameras.h"
#include "api/clips.h"
#include "api/coverage.h"
#include "api/departments.h"
#include "api/holds.h"
#include "api/phases.h"
#include "api/places.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/session.h"
#include "api/trail.h"

namespace yagura::api {
namespace {

using access_control::Action;
using access_control::Permit;

std::vector<Route> SessionRoutes(const RestDependencies& needs) {
  return {
      {Method::kPost,
       "/v1/session",
       OpenToEveryone(Action::kSessionStart),
       {},
       [needs](const Call& call) {
         return StartSession(call, needs.sign_in, needs.sessions, needs.clock);
       }},
      {Method::kGet,
       "/v1/session",
       Guard(Action::kSessionRead, NoResource()),
       {},
       [](const Call&, Permit& permit) { return ShowSession(permit); }},
      {Method::kDelete,
       "/v1/session",
       Guard(Action::kSessionEnd, NoResource()),
       {},
       [needs](const Call&, Permit& permit) { return EndSession(permit, needs.sessions); }},
  };
}

std::vector<Route> OfficeRoutes() {
  return {
      {Method::kGet,
       "/v1/places",
       Guard(Action::kPlaceList, NoResource()),
       {},
       PermittedHandler(ListPlaces)},
      {Method::kGet,
       "/v1/phases",
       Guard(Action::kPhaseList, NoResource()),
       {},
       PermittedHandler(ListPhases)},
      {Method::kGet,
       "/v1/departments",
       Guard(Action::kDepartmentList, NoResource()),
       {"limit", "cursor"},
       PermittedHandler(ListDepartments)},
      {Method::kGet,
       "/v1/assignments",
       Guard(Action::kAssignmentList, DepartmentInQuery()),
       {"department", "limit", "cursor"},
       PermittedHandler(ListAssignments)},
  };
}

std::vector<Route> CameraRoutes() {
  return {
      {Method::kGet,
       "/v1/cameras",
       Guard(Action::kCameraList, FloorOrDepartmentInQuery()),
       {"floor", "department", "phase", "state", "q", "from", "to", "limit", "cursor"},
       PermittedHandler(ListCameras)},
      {Method::kGet,
       "/v1/cameras/{id}",
       Guard(Action::kCameraRead, CameraInPath()),
       {},
       PermittedHandler(ShowCamera)},
      {Method::kGet,
       "/v1/cameras/{id}/coverage",
       Guard(Action::kCoverageRead, CameraInPath()),
       {"from", "to"},
       PermittedHandler(ShowCoverage)},

      {Method::kGet,
       "/v1/clips",
       Guard(Action::kClipList, CameraOrFloorInQuery()),
       {"camera", "floor", "stream", "from", "to", "limit", "cursor"},
       PermittedHandler(ListClips)},
  };
}

std::vector<Route> TrailRoutes() {
  return {
      {Method::kGet,
       "/v1/viewings",
       Guard(Action::kViewingList, CameraInQuery()),
       {"camera", "from", "to", "limit", "cursor"},
       PermittedHandler(ListViewings)},
      {Method::kGet,
       "/v1/audit",
       Guard(Action::kAuditRead, NoResource()),
       {"event", "from", "to", "limit", "cursor"},
       PermittedHandler(ListAuditRecords)},
  };
}

std::vector<Route> HoldRoutes() {
  return {
      {Method::kPost,
       "/v1/holds",
       Guard(Action::kHoldCreate, FootageInHoldBody()),
       {},
       PermittedHandler(PlaceHold)},
      {Method::kGet,
       "/v1/holds",
       Guard(Action::kHoldList, CameraInQuery()),
       {"camera", "limit", "cursor"},
       PermittedHandler(ListHolds)},
      {Method::kGet,
       "/v1/holds/{id}",
       Guard(Action::kHoldList, FootageOfHoldInPath()),
       {},
       PermittedHandler(ShowHold)},
      {Method::kPost,
       "/v1/holds/{id}/release",
       Guard(Action::kHoldRelease, FootageOfHoldInPath()),
       {},
       PermittedHandler(ReleaseHold)},
  };
}

}  // namespace

std::vector<Route> ServiceRoutes(access_control::Gate& gate) {
  return {
      {Method::kGet,
       "/healthz",
       OpenToEveryone(Action::kServiceRead),
       {},
       [](const Call&) { return ShowHealth(); }},
      {Method::kGet,
       "/readyz",
       OpenToEveryone(Action::kServiceRead),
       {},
       [&gate](const Call&) { return ShowReadiness(gate); }},
      {Method::kGet,
       "/v1/openapi.yaml",
       OpenToEveryone(Action::kServiceRead),
       {},
       [](const Call&) { return ShowDescription(); }},
  };
}

std::vector<Route> RestRoutes(const RestDependencies& needs) {
  std::vector<Route> routes = ServiceRoutes(needs.gate);
  for (auto& some :
       {SessionRoutes(needs), OfficeRoutes(), CameraRoutes(), TrailRoutes(), HoldRoutes()})
    routes.insert(routes.end(), some.begin(), some.end());
  return routes;
}

}  // namespace yagura::api
