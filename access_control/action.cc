#include "access_control/action.h"

#include <algorithm>

namespace yagura::access_control {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

std::string_view ToString(Action action) {
  switch (action) {
    case Action::kServiceRead:
      return "service.read";
    case Action::kSessionStart:
      return "session.start";
    case Action::kSessionRead:
      return "session.read";
    case Action::kSessionEnd:
      return "session.end";
    case Action::kCameraList:
      return "camera.list";
    case Action::kCameraRead:
      return "camera.read";
    case Action::kPlaceList:
      return "place.list";
    case Action::kPhaseList:
      return "phase.list";
    case Action::kDepartmentList:
      return "department.list";
    case Action::kAssignmentList:
      return "assignment.list";
    case Action::kClipList:
      return "clip.list";
    case Action::kCoverageRead:
      return "coverage.read";
    case Action::kFootagePlay:
      return "footage.play";
    case Action::kFootageDownload:
      return "footage.download";
    case Action::kLivePlay:
      return "live.play";
    case Action::kViewingList:
      return "viewing.list";
    case Action::kAuditRead:
      return "audit.read";
    case Action::kHoldCreate:
      return "hold.create";
    case Action::kHoldList:
      return "hold.list";
    case Action::kHoldRelease:
      return "hold.release";
  }
  return "unknown";
}

std::optional<Action> ParseAction(std::string_view text) {
  const auto* const found = std::find_if(kAllActions.begin(), kAllActions.end(),
                                         [&](Action action) { return ToString(action) == text; });
  if (found == kAllActions.end()) return std::nullopt;
  return *found;
}

bool IsAboutPictures(Action action) {
  return action == Action::kFootagePlay || action == Action::kFootageDownload ||
         action == Action::kLivePlay;
}

bool IsAboutTheTrail(Action action) {
  return action == Action::kViewingList || action == Action::kAuditRead;
}

std::string Describe(const Resource& resource) {
  return std::visit(Overloaded{
                        [](std::monostate) { return std::string("none"); },
                        [](const CameraId& camera) { return "camera " + ToString(camera); },
                        [](const FloorId& floor) { return "floor " + ToString(floor); },
                        [](const UnitId& unit) { return "unit " + ToString(unit); },
                        [](const Footage& footage) {
                          return "footage of camera " + ToString(footage.camera) + " by unit " +
                                 ToString(footage.unit) + " [" + FormatRfc3339(footage.range.from) +
                                 ", " + FormatRfc3339(footage.range.to) + ")";
                        },
                    },
                    resource);
}

}  // namespace yagura::access_control
