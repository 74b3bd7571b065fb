#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "access_control/decide.h"
#include "access_control/visible.h"
#include "tests/access_control/office.h"
#include "tests/access_control/random_office.h"
#include "tests/support/seed.h"

// What must hold for every organisation: tried on random ones, and compared with a plain second
// reading of the rule.

namespace yagura::access_control {
namespace {

constexpr int kOffices = 150;
constexpr int kQuestions = 150;  // per office

/// The rule read a second time, as slowly and as plainly as it can be written.
class PlainRule {
 public:
  explicit PlainRule(const FactSet& set) : set_(set) {}

  [[nodiscard]] bool Permits(PersonId person, Action action, const Resource& resource,
                             WallTime now) const {
    if (!IsThere(person, now)) return false;
    return std::any_of(
        set_.assignments.begin(), set_.assignments.end(), [&](const AssignmentFact& one) {
          return one.person == person && Counts(one, now) && PermitsBy(one, action, resource, now);
        });
  }

 private:
  [[nodiscard]] bool IsThere(PersonId person, WallTime now) const {
    return std::any_of(set_.persons.begin(), set_.persons.end(), [&](const PersonFact& one) {
      return one.id == person && !(one.disabled_at && *one.disabled_at <= now);
    });
  }
  [[nodiscard]] bool Counts(const AssignmentFact& one, WallTime now) const {
    return Contains(one.valid, now) &&
           std::any_of(set_.units.begin(), set_.units.end(), [&](const UnitFact& unit) {
             return unit.id == one.unit && Contains(unit.valid, now);
           });
  }
  [[nodiscard]] std::vector<UnitId> PathUp(UnitId from) const {
    std::vector<UnitId> path;
    for (std::optional<UnitId> at = from; at;) {
      const auto unit = std::find_if(set_.units.begin(), set_.units.end(),
                                     [&](const auto& u) { return u.id == *at; });
      if (unit == set_.units.end()) return {};
      path.push_back(*at);
      at = unit->parent;
    }
    return path;
  }
  /// The end of a unit; every unit that succeeds it, and every one that succeeds those, in turn.
  [[nodiscard]] WallTime EndOf(UnitId unit) const {
    const auto found = std::find_if(set_.units.begin(), set_.units.end(),
                                    [&](const auto& u) { return u.id == unit; });
    return found == set_.units.end() ? WallTime::max() : found->valid.to;
  }
  [[nodiscard]] std::vector<UnitId> KeepersOf(UnitId unit, WallTime now) const {
    std::vector<UnitId> keepers;
    bool succeeded = false;
    for (const SuccessionFact& one : set_.successions) {
      if (one.unit != unit || EndOf(unit) > now || EndOf(one.successor) <= EndOf(unit)) continue;
      if (PathUp(unit).back() != PathUp(one.successor).back()) continue;
      succeeded = true;
      const auto more = KeepersOf(one.successor, now);
      keepers.insert(keepers.end(), more.begin(), more.end());
    }
    if (!succeeded) keepers.push_back(unit);
    return keepers;
  }
  [[nodiscard]] bool SeesPicturesOf(const AssignmentFact& one, UnitId unit, WallTime now) const {
    const auto path = PathUp(unit);
    if (path.empty()) return false;
    if (one.post == Post::kCrisisManagement) return path.back() == PathUp(one.unit).back();
    if (one.post != Post::kDepartmentHead && one.post != Post::kGeneralManager) return false;
    const auto keepers = KeepersOf(unit, now);
    return std::any_of(keepers.begin(), keepers.end(), [&](UnitId keeper) {
      const auto up = PathUp(keeper);
      return std::find(up.begin(), up.end(), one.unit) != up.end();
    });
  }
  [[nodiscard]] bool SeesCamera(const AssignmentFact& one, CameraId camera, WallTime now) const {
    return std::any_of(set_.charges.begin(), set_.charges.end(), [&](const ChargeFact& charge) {
      return charge.camera == camera && charge.valid.from <= now &&
             SeesPicturesOf(one, charge.unit, now);
    });
  }
  [[nodiscard]] bool Is(CameraState state, CameraId camera, WallTime now) const {
    return std::any_of(set_.camera_states.begin(), set_.camera_states.end(), [&](const auto& one) {
      return one.camera == camera && one.state == state && Contains(one.valid, now);
    });
  }
  [[nodiscard]] bool WatchesLive(const AssignmentFact& one, CameraId camera, WallTime now) const {
    if (one.post == Post::kOperations) return Is(CameraState::kStaged, camera, now);
    return Is(CameraState::kInService, camera, now) &&
           std::any_of(set_.charges.begin(), set_.charges.end(), [&](const ChargeFact& charge) {
             return charge.camera == camera && Contains(charge.valid, now) &&
                    SeesPicturesOf(one, charge.unit, now);
           });
  }
  [[nodiscard]] bool IsStaged(const Footage& footage) const {
    return std::any_of(
        set_.camera_states.begin(), set_.camera_states.end(), [&](const CameraStateFact& state) {
          return state.camera == footage.camera && state.state == CameraState::kStaged &&
                 Contains(state.valid, footage.range.from);
        });
  }
  [[nodiscard]] bool PermitsBy(const AssignmentFact& one, Action action, const Resource& resource,
                               WallTime now) const {
    const bool all_metadata = one.post == Post::kOperations || one.post == Post::kAdministrator;
    const bool metadata_will_do = action == Action::kCameraRead || action == Action::kCoverageRead;
    if (action == Action::kLivePlay) return WatchesLive(one, std::get<CameraId>(resource), now);
    if (const auto* const camera = std::get_if<CameraId>(&resource)) {
      const bool exists =
          std::find(set_.cameras.begin(), set_.cameras.end(), *camera) != set_.cameras.end();
      return SeesCamera(one, *camera, now) || (metadata_will_do && all_metadata && exists);
    }
    const auto& footage = std::get<Footage>(resource);
    return (SeesPicturesOf(one, footage.unit, now) && !IsStaged(footage)) ||
           (metadata_will_do && all_metadata);
  }

  const FactSet& set_;
};

class DecidePropertyTest : public ::testing::Test {
 protected:
  /// Calls `check` with many random questions about many random offices.
  template <class Check>
  void ForAll(Check check) {
    const std::uint64_t seed = testing::PrintedSeed();
    for (std::uint64_t i = 0; i < kOffices && !HasFailure(); ++i) {
      RandomOffice random(seed + i, kDayZero);
      const FactSet set = random.Make();
      const auto facts = *Facts::Build(set);
      for (int k = 0; k < kQuestions; ++k) {
        const Action action =
            kAllActions.at(static_cast<std::size_t>(random.Number(kAllActions.size())));
        const Request request{random.OneOf(set.persons).id, action, random.MakeResource(set)};
        check(random, *facts, request, random.Instant());
      }
    }
  }
};

TEST_F(DecidePropertyTest, AgreesWithAPlainReadingOfTheRule) {
  int permits = 0;
  ForAll([&](RandomOffice& random, const Facts& facts, const Request& request, WallTime now) {
    const std::vector<Action> actions = {Action::kCameraRead, Action::kCoverageRead,
                                         Action::kFootagePlay, Action::kClipList,
                                         Action::kLivePlay};
    const Action action = random.OneOf(actions);
    const bool about_camera =
        action == Action::kCameraRead || action == Action::kLivePlay || random.Chance(40);
    const Resource resource = about_camera ? Resource(random.OneOf(facts.set().cameras))
                                           : Resource(random.MakeFootage(facts.set()));
    const bool expected = PlainRule(facts.set()).Permits(*request.person, action, resource, now);
    EXPECT_EQ(Decide(facts, {request.person, action, resource}, now).permits(), expected)
        << ToString(action) << " " << Describe(resource) << " at " << FormatRfc3339(now);
    permits += expected ? 1 : 0;
  });
  EXPECT_GT(permits, kOffices);
}

TEST_F(DecidePropertyTest, ChangesExactlyWhenItSays) {
  int changes = 0;
  ForAll([&](RandomOffice&, const Facts& facts, const Request& request, WallTime now) {
    const Decision decision = Decide(facts, request, now);
    std::optional<WallTime> expected;
    // Every instant at which any fact begins or ends: RandomOffice makes none later.
    for (int hour = -5; hour <= 24 && !expected; ++hour) {
      const WallTime at = kDayZero + std::chrono::hours(hour);
      if (at <= now) continue;
      const Decision later = Decide(facts, request, at);
      if (later.effect != decision.effect || later.reason != decision.reason) expected = at;
    }
    EXPECT_EQ(decision.changes_at, expected)
        << ToString(request.action) << " " << Describe(request.resource);
    changes += expected ? 1 : 0;
  });
  EXPECT_GT(changes, kOffices);
}

TEST_F(DecidePropertyTest, EveryPermitByPostNamesAssignmentsThatHold) {
  ForAll([](RandomOffice&, const Facts& facts, const Request& request, WallTime now) {
    const Decision decision = Decide(facts, request, now);
    EXPECT_EQ(decision.basis.empty(), decision.reason != Reason::kPost);
    const auto own = facts.AssignmentsOf(*request.person);
    for (const AssignmentId& id : decision.basis) {
      EXPECT_TRUE(std::any_of(own.begin(), own.end(), [&](const AssignmentFact& one) {
        return one.id == id && Contains(one.valid, now);
      }));
    }
  });
}

TEST_F(DecidePropertyTest, RightsOfSeveralPostsAreTheUnionOfEachAlone) {
  ForAll([](RandomOffice&, const Facts& facts, const Request& request, WallTime now) {
    const Decision decision = Decide(facts, request, now);
    if (decision.reason == Reason::kOpenToEveryone || decision.reason == Reason::kOpenToPersons)
      return;
    std::set<AssignmentId> each_alone;
    for (const AssignmentFact& kept : facts.AssignmentsOf(*request.person)) {
      FactSet set = facts.set();
      set.assignments = {kept};
      const auto alone = Decide(**Facts::Build(set), request, now);
      each_alone.insert(alone.basis.begin(), alone.basis.end());
    }
    EXPECT_EQ(std::set(decision.basis.begin(), decision.basis.end()), each_alone);
  });
}

TEST_F(DecidePropertyTest, TheOrderOfFactsMakesNoDifference) {
  ForAll([](RandomOffice& random, const Facts& facts, const Request& request, WallTime now) {
    FactSet set = facts.set();
    std::mt19937 order(static_cast<unsigned>(random.Number(1'000'000)));
    std::shuffle(set.units.begin(), set.units.end(), order);
    std::shuffle(set.charges.begin(), set.charges.end(), order);
    std::shuffle(set.camera_states.begin(), set.camera_states.end(), order);
    std::shuffle(set.placements.begin(), set.placements.end(), order);
    std::shuffle(set.assignments.begin(), set.assignments.end(), order);
    const Decision one = Decide(facts, request, now);
    const Decision other = Decide(**Facts::Build(set), request, now);
    EXPECT_EQ(one.effect, other.effect);
    EXPECT_EQ(one.reason, other.reason);
    EXPECT_EQ(one.changes_at, other.changes_at);
  });
}

TEST_F(DecidePropertyTest, WhatStandsInAListMayBeReadAndWhatMayBeReadStandsInAList) {
  ForAll([](RandomOffice& random, const Facts& facts, const Request& request, WallTime now) {
    const auto listed = VisibleCameras(facts, *request.person, now, kAlways);
    const CameraId camera = random.OneOf(facts.set().cameras);
    const bool is_listed = std::find(listed.begin(), listed.end(), camera) != listed.end();
    EXPECT_EQ(Decide(facts, {request.person, Action::kCameraRead, camera}, now).permits(),
              is_listed);
  });
}

TEST_F(DecidePropertyTest, PiecesAreDecidedLikeFootageOfTheirOwner) {
  ForAll([](RandomOffice& random, const Facts& facts, const Request& request, WallTime now) {
    FactSet unstaged = facts.set();
    unstaged.camera_states.clear();
    const auto all = *Facts::Build(unstaged);
    const CameraId camera = random.OneOf(unstaged.cameras);
    const auto pieces = VisiblePieces(*all, *request.person, camera, kAlways, now);
    for (const ChargeFact& charge : all->ChargesOf(camera)) {
      const Footage piece{camera, charge.unit, charge.valid};
      const bool expected =
          charge.valid.from <= now &&
          Decide(*all, {request.person, Action::kFootagePlay, piece}, now).permits();
      EXPECT_EQ(std::find(pieces.begin(), pieces.end(), piece) != pieces.end(), expected);
    }
  });
}

}  // namespace
}  // namespace yagura::access_control
