#pragma once

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "access_control/organisation.h"
#include "core/check.h"

namespace yagura::access_control {

inline constexpr WallTime kDayZero{std::chrono::seconds(1'800'000'000)};
inline WallTime Day(int day) { return kDayZero + std::chrono::hours(24 * day); }

/// Puts an organisation together for a test, piece by piece.
class Office {
 public:
  UnitId AddUnit(std::optional<UnitId> parent = std::nullopt, WallRange valid = kAlways) {
    set_.units.push_back({NewId<UnitId>(), parent, valid});
    return set_.units.back().id;
  }
  /// From `unit`'s end on.
  void Succeed(UnitId unit, UnitId successor) { set_.successions.push_back({unit, successor}); }
  CameraId AddCamera() {
    set_.cameras.push_back(NewId<CameraId>());
    return set_.cameras.back();
  }
  CameraId AddCamera(UnitId in_charge, WallRange valid = kAlways) {
    const CameraId camera = AddCamera();
    PutInCharge(camera, in_charge, valid);
    return camera;
  }
  FloorId AddFloor() {
    set_.floors.push_back(NewId<FloorId>());
    return set_.floors.back();
  }
  PersonId AddPerson(std::optional<WallTime> disabled_at = std::nullopt) {
    set_.persons.push_back({NewId<PersonId>(), disabled_at});
    return set_.persons.back().id;
  }
  void PutInCharge(CameraId camera, UnitId unit, WallRange valid = kAlways) {
    set_.charges.push_back({camera, unit, valid});
  }
  void Place(CameraId camera, FloorId floor, WallRange valid = kAlways) {
    set_.placements.push_back({camera, floor, valid});
  }
  void SetState(CameraId camera, CameraState state, WallRange valid = kAlways) {
    set_.camera_states.push_back({camera, state, valid});
  }
  AssignmentId Assign(PersonId person, Post post, UnitId unit, WallRange valid = kAlways) {
    set_.assignments.push_back({NewId<AssignmentId>(), person, post, unit, valid});
    return set_.assignments.back().id;
  }
  /// A new person with one post.
  PersonId AddHolder(Post post, UnitId unit, WallRange valid = kAlways) {
    const PersonId person = AddPerson();
    Assign(person, post, unit, valid);
    return person;
  }

  [[nodiscard]] FactSet& set() { return set_; }
  [[nodiscard]] std::shared_ptr<const Facts> Build() const {
    auto facts = Facts::Build(set_);
    CHECK(facts.has_value());
    return *facts;
  }

 private:
  FactSet set_;
};

}  // namespace yagura::access_control
