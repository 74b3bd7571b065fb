#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/ids.h"
#include "core/time.h"

namespace yagura::access_control {

/// What a person can ask for. Closed: every route names one (`x-yagura-action` in
/// api/openapi.yaml), and each has its rows in decision_table.csv.
enum class Action : std::uint8_t {
  kServiceRead,     // health and the API's own description; open to everyone
  kSessionStart,    // sign in; open to everyone
  kSessionRead,     // who am I
  kSessionEnd,      // sign out
  kCameraList,      // cameras in charge (operations, administrator: all)
  kCameraRead,      // one camera's metadata
  kPlaceList,       // where cameras of one's list stand
  kPhaseList,       // the rollout: the phases of cameras of one's list
  kDepartmentList,  // departments that one may see
  kAssignmentList,  // who holds which post; for heads that of their departments, for administrators
                    // all
  kClipList,      // which footage there is; a clip's row opens a picture, so this is about pictures
  kCoverageRead,  // recorded stretches and gaps
  kFootagePlay,   // playlist, init segment, media bytes
  kFootageDownload,  // video.mp4
  kLivePlay,         // live.mp4: what a camera shows now, for whoever is in charge of it now
  kViewingList,  // who looked at which pictures: auditors all, others those of their own cameras
  kAuditRead,    // the audit log
  kHoldCreate,   // keep a range of a camera from deletion: as for viewings, auditors unseen
  kHoldList,     // what is held, and why: as for viewings
  kHoldRelease,  // let a hold go: department heads and the crisis desk, never who placed it
};
inline constexpr std::array kAllActions = {
    Action::kServiceRead,    Action::kSessionStart,    Action::kSessionRead, Action::kSessionEnd,
    Action::kCameraList,     Action::kCameraRead,      Action::kPlaceList,   Action::kPhaseList,
    Action::kDepartmentList, Action::kAssignmentList,  Action::kClipList,    Action::kCoverageRead,
    Action::kFootagePlay,    Action::kFootageDownload, Action::kLivePlay,    Action::kViewingList,
    Action::kAuditRead,      Action::kHoldCreate,      Action::kHoldList,    Action::kHoldRelease};

/// "camera.list", and so on. A value outside the enumeration is "unknown".
[[nodiscard]] std::string_view ToString(Action action);
[[nodiscard]] std::optional<Action> ParseAction(std::string_view text);
/// Whether it hands out pictures: each permit of it is recorded before the first byte.
[[nodiscard]] bool IsAboutPictures(Action action);
/// Whether it shows what was recorded of people: each permit of it is recorded too.
[[nodiscard]] bool IsAboutTheTrail(Action action);

/// A stretch of recorded pictures of one camera, all of one owner: a clip, or a run's part of a
/// range. `unit` is the owner as recorded, never the one in charge today.
struct Footage {
  CameraId camera;
  UnitId unit;
  WallRange range;
  friend bool operator==(const Footage&, const Footage&) = default;
};

/// What an action is done to. Nothing (monostate) for lists without a filter and for the session.
using Resource = std::variant<std::monostate, CameraId, FloorId, UnitId, Footage>;

/// "camera 0f8fad5b-…", "footage of camera … by unit … [from, to)"; for the audit record, never for
/// a caller.
[[nodiscard]] std::string Describe(const Resource& resource);

}  // namespace yagura::access_control
