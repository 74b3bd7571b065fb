#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "access_control/action.h"
#include "access_control/organisation.h"

namespace yagura::access_control {

/// Small random organisations whose facts begin and end at a handful of instants around `base`, so
/// that many boundaries coincide, some exactly at `base`.
class RandomOffice {
 public:
  RandomOffice(std::uint64_t seed, WallTime base) : random_(seed), base_(base) {}

  int Number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  bool Chance(int percent) { return Number(100) < percent; }
  template <class T>
  const T& OneOf(const std::vector<T>& items) {
    return items.at(static_cast<std::size_t>(Number(static_cast<int>(items.size()))));
  }

  FactSet Make() {
    FactSet set;
    set.epoch = 1;
    for (int i = 0; i < 4 + Number(7); ++i) AddUnit(set);
    AddSuccessions(set);
    for (int i = 0; i < 3 + Number(3); ++i) set.floors.push_back(NewId<FloorId>());
    for (int i = 0; i < 4 + Number(6); ++i) AddCamera(set);
    for (int i = 0; i < 6; ++i) AddPerson(set);
    return set;
  }

  /// An instant at which facts may begin or end, or one microsecond before.
  WallTime Instant() { return base_ + std::chrono::hours(Number(7) - 3) - microseconds(Number(2)); }

  /// Something of this organisation, or something unknown.
  Resource MakeResource(const FactSet& set) {
    switch (Number(6)) {
      case 0:
        return std::monostate();
      case 1:
        return Chance(10) ? NewId<CameraId>() : OneOf(set.cameras);
      case 2:
        return Chance(10) ? NewId<FloorId>() : OneOf(set.floors);
      case 3:
        return Chance(10) ? NewId<UnitId>() : OneOf(set.units).id;
      default:
        return MakeFootage(set);
    }
  }
  Footage MakeFootage(const FactSet& set) {
    const WallTime from = Instant();
    const UnitId unit = Chance(5) ? NewId<UnitId>() : OneOf(set.units).id;
    return {OneOf(set.cameras), unit, {from, from + std::chrono::minutes(1)}};
  }

 private:
  WallTime Boundary() { return base_ + std::chrono::hours(Number(7) - 3); }
  WallRange Range() {
    WallRange range{Boundary(), WallTime::max()};
    if (Chance(10)) range.from = WallTime::min();
    if (Chance(60)) range.to = Boundary();
    if (range.from >= range.to) range.to = range.from + std::chrono::hours(1);
    return range.from == WallTime::min() && range.to == WallTime::min() ? kAlways : range;
  }
  void AddUnit(FactSet& set) {
    std::optional<UnitId> parent;
    if (!set.units.empty() && Chance(80)) parent = OneOf(set.units).id;
    set.units.push_back({NewId<UnitId>(), parent, Chance(60) ? kAlways : Range()});
  }
  /// Some that count, and some that don't: of another controller, or closed earlier.
  void AddSuccessions(FactSet& set) {
    std::set<std::pair<UnitId, UnitId>> pairs;
    for (int i = 0; i < Number(8); ++i) {
      pairs.emplace(OneOf(set.units).id, OneOf(set.units).id);
    }
    for (const auto& [unit, successor] : pairs) {
      if (unit != successor) set.successions.push_back({unit, successor});
    }
  }
  /// Ranges one after another, with and without holes between.
  std::vector<WallRange> Succession() {
    std::vector<WallRange> ranges;
    WallTime from = Chance(20) ? WallTime::min() : Boundary();
    for (int i = 0; i < Number(4); ++i) {
      const WallTime after = std::max(from, base_ - std::chrono::hours(4));
      WallTime to = after + std::chrono::hours(1 + Number(3));
      if (Chance(30)) to = WallTime::max();
      ranges.push_back({from, to});
      if (to == WallTime::max()) break;
      from = to + std::chrono::hours(Number(2));
    }
    return ranges;
  }
  void AddCamera(FactSet& set) {
    const auto camera = NewId<CameraId>();
    set.cameras.push_back(camera);
    for (const WallRange& valid : Succession())
      set.charges.push_back({camera, OneOf(set.units).id, valid});
    for (const WallRange& valid : Succession())
      set.placements.push_back({camera, OneOf(set.floors), valid});
    for (const WallRange& valid : Succession()) {
      set.camera_states.push_back(
          {camera, Chance(40) ? CameraState::kStaged : CameraState::kInService, valid});
    }
  }
  void AddPerson(FactSet& set) {
    PersonFact person{NewId<PersonId>(), std::nullopt};
    if (Chance(15)) person.disabled_at = Boundary();
    set.persons.push_back(person);
    for (int i = 0; i < Number(4); ++i) {
      const auto post = static_cast<Post>(Number(static_cast<int>(Post::kUnknown)));
      set.assignments.push_back(
          {NewId<AssignmentId>(), person.id, post, OneOf(set.units).id, Range()});
    }
  }

  std::mt19937_64 random_;
  WallTime base_;
};

}  // namespace yagura::access_control
