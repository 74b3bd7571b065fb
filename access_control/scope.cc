#include "access_control/scope.h"

#include <algorithm>

namespace yagura::access_control {
namespace {

bool HasBegun(const WallRange& valid, WallTime now) { return valid.from <= now; }

/// For metadata of everything that exists; else as deep as the charges that have begun allow.
Visibility CameraSight(const Facts& facts, const AssignmentFact& assignment, CameraId camera,
                       WallTime now) {
  const Visibility depth = DepthOf(assignment.post);
  if (depth == Visibility::kMetadata) return facts.HasCamera(camera) ? depth : Visibility::kNone;
  const auto charges = facts.ChargesOf(camera);
  const bool in_scope = std::any_of(charges.begin(), charges.end(), [&](const ChargeFact& charge) {
    return HasBegun(charge.valid, now) && Reaches(facts, assignment, charge.unit, now);
  });
  return in_scope ? depth : Visibility::kNone;
}

/// A floor shows what stands or stood on it while a unit in scope was in charge of it.
bool StoodInScope(const Facts& facts, const AssignmentFact& assignment,
                  const PlacementFact& placement, WallTime now) {
  if (!HasBegun(placement.valid, now)) return false;
  const auto charges = facts.ChargesOf(placement.camera);
  return std::any_of(charges.begin(), charges.end(), [&](const ChargeFact& charge) {
    return HasBegun(charge.valid, now) && Overlaps(charge.valid, placement.valid) &&
           Reaches(facts, assignment, charge.unit, now);
  });
}

Visibility FloorSight(const Facts& facts, const AssignmentFact& assignment, FloorId floor,
                      WallTime now) {
  const Visibility depth = DepthOf(assignment.post);
  if (depth == Visibility::kMetadata) return facts.HasFloor(floor) ? depth : Visibility::kNone;
  const auto placements = facts.PlacementsOn(floor);
  const bool in_scope =
      std::any_of(placements.begin(), placements.end(), [&](const PlacementFact& placement) {
        return StoodInScope(facts, assignment, placement, now);
      });
  return in_scope ? depth : Visibility::kNone;
}

Visibility UnitSight(const Facts& facts, const AssignmentFact& assignment, UnitId unit,
                     WallTime now) {
  const Visibility depth = DepthOf(assignment.post);
  if (depth == Visibility::kPictures && Reaches(facts, assignment, unit, now)) return depth;
  if (depth == Visibility::kMetadata && facts.FindUnit(unit) != nullptr) return depth;
  return unit == assignment.unit ? Visibility::kMetadata
                                 : Visibility::kNone;  // one's own session shows it
}

Visibility FootageSight(const Facts& facts, const AssignmentFact& assignment,
                        const Footage& footage, WallTime now) {
  const Visibility depth = DepthOf(assignment.post);
  if (depth == Visibility::kMetadata) {
    return facts.HasCamera(footage.camera) ? depth : Visibility::kNone;
  }
  const bool in_scope = facts.HasCamera(footage.camera) &&
                        Reaches(facts, assignment, footage.unit, now) && !WasStaged(facts, footage);
  return in_scope ? depth : Visibility::kNone;
}

bool IsInState(const Facts& facts, CameraId camera, CameraState wanted, WallTime now) {
  const auto states = facts.StatesOf(camera);
  return std::any_of(states.begin(), states.end(), [&](const CameraStateFact& state) {
    return state.state == wanted && Contains(state.valid, now);
  });
}

}  // namespace

bool Counts(const Facts& facts, const AssignmentFact& assignment, WallTime now) {
  const UnitFact* const unit = facts.FindUnit(assignment.unit);
  return unit != nullptr && Contains(assignment.valid, now) && Contains(unit->valid, now);
}

Visibility DepthOf(Post post) {
  switch (post) {
    case Post::kDepartmentHead:
    case Post::kGeneralManager:
    case Post::kCrisisManagement:
      return Visibility::kPictures;
    case Post::kOperations:
    case Post::kAdministrator:
      return Visibility::kMetadata;
    case Post::kAuditor:
    case Post::kUnknown:
      break;
  }
  return Visibility::kNone;
}

bool ListsStaff(Post post) {
  return post == Post::kDepartmentHead || post == Post::kGeneralManager ||
         post == Post::kAdministrator;
}

bool ReleasesHolds(Post post) {
  return post == Post::kDepartmentHead || post == Post::kCrisisManagement;
}

bool Reaches(const Facts& facts, const AssignmentFact& assignment, UnitId unit, WallTime now) {
  switch (assignment.post) {
    case Post::kDepartmentHead:
    case Post::kGeneralManager:
      return facts.IsHeldWithin(unit, assignment.unit, now);
    case Post::kCrisisManagement:
      return facts.HaveSameController(unit, assignment.unit);
    case Post::kOperations:
    case Post::kAuditor:
    case Post::kAdministrator:
    case Post::kUnknown:
      break;
  }
  return false;
}

Visibility SightOf(const Facts& facts, const AssignmentFact& assignment, const Resource& resource,
                   WallTime now) {
  if (const auto* const camera = std::get_if<CameraId>(&resource)) {
    return CameraSight(facts, assignment, *camera, now);
  }
  if (const auto* const floor = std::get_if<FloorId>(&resource)) {
    return FloorSight(facts, assignment, *floor, now);
  }
  if (const auto* const unit = std::get_if<UnitId>(&resource)) {
    return UnitSight(facts, assignment, *unit, now);
  }
  if (const auto* const footage = std::get_if<Footage>(&resource)) {
    return FootageSight(facts, assignment, *footage, now);
  }
  return DepthOf(assignment.post);
}

bool ShowsLive(const Facts& facts, const AssignmentFact& assignment, const Resource& resource,
               WallTime now) {
  const auto* const camera = std::get_if<CameraId>(&resource);
  if (camera == nullptr) return false;
  if (assignment.post == Post::kOperations) {
    return IsInState(facts, *camera, CameraState::kStaged, now);
  }
  const auto charges = facts.ChargesOf(*camera);
  return IsInState(facts, *camera, CameraState::kInService, now) &&
         std::any_of(charges.begin(), charges.end(), [&](const auto& charge) {
           return Contains(charge.valid, now) && Reaches(facts, assignment, charge.unit, now);
         });
}

bool ShowsTrail(const Facts& facts, const AssignmentFact& assignment, const Resource& resource,
                WallTime now) {
  const auto* const camera = std::get_if<CameraId>(&resource);
  const auto* const footage = std::get_if<Footage>(&resource);
  const CameraId* const known = footage != nullptr ? &footage->camera : camera;
  if (known != nullptr && !facts.HasCamera(*known)) return false;
  if (assignment.post == Post::kAuditor) return true;
  if (footage != nullptr) return Reaches(facts, assignment, footage->unit, now);
  return SightOf(facts, assignment, resource, now) == Visibility::kPictures;
}

bool WasStaged(const Facts& facts, const Footage& footage) {
  const auto states = facts.StatesOf(footage.camera);
  return std::any_of(states.begin(), states.end(), [&](const CameraStateFact& state) {
    return Contains(state.valid, footage.range.from) &&
           (state.state == CameraState::kStaged || state.state == CameraState::kUnknown);
  });
}

}  // namespace yagura::access_control
