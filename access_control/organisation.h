#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::access_control {

/// What a person may hold in a unit. A post that this program doesn't know is kUnknown and gives
/// nothing.
enum class Post : std::uint8_t {
  kDepartmentHead,
  kGeneralManager,
  kCrisisManagement,
  kOperations,
  kAuditor,
  kAdministrator,
  kUnknown,
};
/// "department_head", and so on.
[[nodiscard]] std::string_view ToString(Post post);
[[nodiscard]] Post ParsePost(std::string_view text);

/// What decisions need to know of a camera's state. A state that this program doesn't know is
/// kUnknown and counts as staged.
enum class CameraState : std::uint8_t {
  kPlanned,
  kStaged,
  kAccepted,
  kInService,
  kSuspended,
  kRetired,
  kUnknown
};
[[nodiscard]] CameraState ParseCameraState(std::string_view text);

// Facts as they are stored. `valid` is half-open; without an end it goes to WallTime::max(),
// without a start it begins at WallTime::min().
inline constexpr WallRange kAlways{WallTime::min(), WallTime::max()};

struct UnitFact {
  UnitId id;
  std::optional<UnitId> parent;  // none: a controller, the root of a tree
  WallRange valid = kAlways;
};
/// What `unit` recorded is, once it has ended, its successors' to see.
struct SuccessionFact {
  UnitId unit;
  UnitId successor;
};
struct ChargeFact {
  CameraId camera;
  UnitId unit;
  WallRange valid;
};
struct CameraStateFact {
  CameraId camera;
  CameraState state;
  WallRange valid;
};
struct PlacementFact {
  CameraId camera;
  FloorId floor;
  WallRange valid;
};
struct PersonFact {
  PersonId id;
  std::optional<WallTime> disabled_at;
};
struct AssignmentFact {
  AssignmentId id;
  PersonId person;
  Post post;
  UnitId unit;
  WallRange valid;
};

/// Everything that decisions depend on, at one epoch.
struct FactSet {
  std::int64_t epoch = 0;
  std::vector<UnitFact> units;
  std::vector<SuccessionFact> successions;
  std::vector<CameraId> cameras;
  std::vector<FloorId> floors;
  std::vector<ChargeFact> charges;
  std::vector<CameraStateFact> camera_states;
  std::vector<PlacementFact> placements;
  std::vector<PersonFact> persons;
  std::vector<AssignmentFact> assignments;
};

/// An immutable, indexed FactSet. Look-ups of unknown ids find nothing. Thread-safe.
class Facts {
 public:
  /// kDataLoss where the set contradicts itself: an id twice, a unit whose parent is missing or
  /// that lies below itself, a fact about an unknown camera, person, unit or floor.
  [[nodiscard]] static Result<std::shared_ptr<const Facts>> Build(FactSet set);

  [[nodiscard]] std::int64_t epoch() const { return set_.epoch; }
  [[nodiscard]] const FactSet& set() const { return set_; }

  /// Whether `unit` is `node` or lies below it, by the tree alone. False where either is unknown.
  [[nodiscard]] bool IsWithin(UnitId unit, UnitId node) const;
  /// Whether what `unit` recorded is, at `now`, within `node`: by where the unit lies, until it has
  /// ended; from then on by where its successors lie, and theirs once they have ended. A closed
  /// unit without successors stays where it was, so its past follows the posts above it.
  [[nodiscard]] bool IsHeldWithin(UnitId unit, UnitId node, WallTime now) const;
  /// Those that count: of the same controller, and there for longer than `unit` itself.
  [[nodiscard]] std::span<const UnitId> SuccessorsOf(UnitId unit) const;
  /// Whether both units belong to one controller (have the same root).
  [[nodiscard]] bool HaveSameController(UnitId a, UnitId b) const;
  [[nodiscard]] const UnitFact* FindUnit(UnitId id) const;
  [[nodiscard]] const PersonFact* FindPerson(PersonId id) const;
  [[nodiscard]] bool HasCamera(CameraId id) const { return cameras_.contains(id); }
  [[nodiscard]] bool HasFloor(FloorId id) const { return floors_.contains(id); }

  // By ascending start (assignments: in no order).
  [[nodiscard]] std::span<const AssignmentFact> AssignmentsOf(PersonId person) const;
  [[nodiscard]] std::span<const ChargeFact> ChargesOf(CameraId camera) const;
  [[nodiscard]] std::span<const CameraStateFact> StatesOf(CameraId camera) const;
  [[nodiscard]] std::span<const PlacementFact> PlacementsOf(CameraId camera) const;
  [[nodiscard]] std::span<const PlacementFact> PlacementsOn(FloorId floor) const;

 private:
  struct UnitNode {
    std::size_t index;    // in set_.units
    std::uint32_t enter;  // numbers of a walk through the trees: a unit's subtree is [enter, leave)
    std::uint32_t leave;
    std::uint32_t root;  // `enter` of its controller
    std::vector<UnitId> successors;
  };
  struct CameraNode {
    std::vector<ChargeFact> charges;
    std::vector<CameraStateFact> states;
    std::vector<PlacementFact> placements;
  };
  struct PersonNode {
    PersonFact fact;
    std::vector<AssignmentFact> assignments;
  };

  Facts() = default;
  [[nodiscard]] Result<void> IndexUnits();
  [[nodiscard]] Result<void> IndexCameras();
  [[nodiscard]] Result<void> IndexPersons();
  [[nodiscard]] Result<void> IndexSuccessions();
  void NumberTrees();
  void SortByStart();

  FactSet set_;
  std::unordered_map<UnitId, UnitNode> units_;
  std::unordered_map<CameraId, CameraNode> cameras_;
  std::unordered_map<FloorId, std::vector<PlacementFact>> floors_;
  std::unordered_map<PersonId, PersonNode> persons_;
};

[[nodiscard]] constexpr bool Contains(const WallRange& range, WallTime time) {
  return range.from <= time && time < range.to;
}

}  // namespace yagura::access_control
