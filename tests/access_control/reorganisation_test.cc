#include <gtest/gtest.h>

#include "access_control/decide.h"
#include "access_control/visible.h"
#include "tests/access_control/office.h"

// The awkward days of an office, each just before, at, and after the instant at which it happens:
// transfers at midnight, two posts at once, acting heads, cameras that move, units that are closed
// and succeeded.

namespace yagura::access_control {
namespace {

constexpr microseconds kTick{1};
const WallTime kMidnight = Day(100);
const WallRange kBefore{WallTime::min(), kMidnight};
const WallRange kAfter{kMidnight, WallTime::max()};

class ReorganisationTest : public ::testing::Test {
 protected:
  UnitId AddSection(UnitId bureau, WallRange valid = kAlways) {
    return office_.AddUnit(bureau, valid);
  }
  CameraId AddInService(UnitId unit, WallRange charge = kAlways) {
    const CameraId camera = office_.AddCamera(unit, charge);
    office_.SetState(camera, CameraState::kInService);
    return camera;
  }
  Footage Recorded(CameraId camera, UnitId unit) {
    return {camera, unit, {Day(50), Day(50) + std::chrono::minutes(1)}};
  }
  [[nodiscard]] bool May(PersonId person, Action action, const Resource& resource,
                         WallTime now) const {
    return Decide(*office_.Build(), {person, action, resource}, now).permits();
  }
  [[nodiscard]] bool Plays(PersonId person, const Footage& footage, WallTime now) const {
    return May(person, Action::kFootagePlay, footage, now);
  }

  /// Permitted up to the last tick before midnight, and from midnight on no more.
  void ExpectLostAtMidnight(PersonId person, Action action, const Resource& resource) {
    EXPECT_TRUE(May(person, action, resource, kMidnight - kTick));
    EXPECT_FALSE(May(person, action, resource, kMidnight));
    EXPECT_FALSE(May(person, action, resource, kMidnight + kTick));
    EXPECT_EQ(Decide(*office_.Build(), {person, action, resource}, kMidnight - kTick).changes_at,
              kMidnight);
  }
  void ExpectGainedAtMidnight(PersonId person, Action action, const Resource& resource) {
    EXPECT_FALSE(May(person, action, resource, kMidnight - kTick));
    EXPECT_TRUE(May(person, action, resource, kMidnight));
    EXPECT_TRUE(May(person, action, resource, kMidnight + kTick));
    EXPECT_EQ(Decide(*office_.Build(), {person, action, resource}, kMidnight - kTick).changes_at,
              kMidnight);
  }
  void ExpectKept(PersonId person, Action action, const Resource& resource) {
    EXPECT_TRUE(May(person, action, resource, kMidnight - kTick));
    EXPECT_TRUE(May(person, action, resource, kMidnight));
  }
  void ExpectNever(PersonId person, Action action, const Resource& resource) {
    EXPECT_FALSE(May(person, action, resource, kMidnight - kTick));
    EXPECT_FALSE(May(person, action, resource, kMidnight));
  }

  Office office_;
  const UnitId ward_ = office_.AddUnit();
  const UnitId tax_ = AddSection(ward_);
  const UnitId welfare_ = AddSection(ward_);
  const PersonId head_of_tax_ = office_.AddHolder(Post::kDepartmentHead, tax_);
  const PersonId head_of_welfare_ = office_.AddHolder(Post::kDepartmentHead, welfare_);
  const PersonId crisis_ = office_.AddHolder(Post::kCrisisManagement, welfare_);
};

TEST_F(ReorganisationTest, ATransferAtMidnightSwapsWhoSeesThePresentAndThePast) {
  const UnitId section = AddSection(tax_);
  const PersonId old_head = office_.AddHolder(Post::kDepartmentHead, section, kBefore);
  const PersonId new_head = office_.AddHolder(Post::kDepartmentHead, section, kAfter);
  const CameraId camera = AddInService(section);
  for (const Action action : {Action::kLivePlay, Action::kFootagePlay, Action::kCameraRead}) {
    ExpectLostAtMidnight(old_head, action, camera);
    ExpectGainedAtMidnight(new_head, action, camera);
  }
  ExpectLostAtMidnight(old_head, Action::kFootagePlay, Recorded(camera, section));
  ExpectGainedAtMidnight(new_head, Action::kFootagePlay, Recorded(camera, section));
}

TEST_F(ReorganisationTest, TwoPostsAtOnceGiveTheUnionAndEachEndsByItself) {
  const CameraId of_tax = AddInService(tax_);
  const CameraId of_welfare = AddInService(welfare_);
  const PersonId both = office_.AddHolder(Post::kDepartmentHead, tax_);
  office_.Assign(both, Post::kGeneralManager, welfare_, kBefore);
  ExpectKept(both, Action::kLivePlay, of_tax);
  ExpectLostAtMidnight(both, Action::kLivePlay, of_welfare);
  EXPECT_EQ(VisibleCameras(*office_.Build(), both, kMidnight - kTick).size(), 2U);
  EXPECT_EQ(VisibleCameras(*office_.Build(), both, kMidnight), std::vector{of_tax});
}

TEST_F(ReorganisationTest, AnActingHeadSeesByTheActingPostAloneAndTheAbsentOneLosesByDate) {
  const CameraId camera = AddInService(tax_);
  const PersonId acting = office_.AddHolder(Post::kDepartmentHead, welfare_);
  office_.Assign(acting, Post::kDepartmentHead, tax_, kAfter);
  const PersonId absent = office_.AddHolder(Post::kDepartmentHead, tax_, kBefore);
  ExpectGainedAtMidnight(acting, Action::kFootagePlay, Recorded(camera, tax_));
  ExpectLostAtMidnight(absent, Action::kFootagePlay, Recorded(camera, tax_));
  ExpectKept(head_of_tax_, Action::kFootagePlay,
             Recorded(camera, tax_));  // nobody replaces another
}

TEST_F(ReorganisationTest, ACameraMovedToAnotherUnitLeavesItsPastBehind) {
  const CameraId camera = AddInService(tax_, kBefore);
  office_.PutInCharge(camera, welfare_, kAfter);
  ExpectLostAtMidnight(head_of_tax_, Action::kLivePlay, camera);
  ExpectGainedAtMidnight(head_of_welfare_, Action::kLivePlay, camera);
  ExpectKept(head_of_tax_, Action::kFootagePlay, Recorded(camera, tax_));
  ExpectNever(head_of_welfare_, Action::kFootagePlay, Recorded(camera, tax_));
}

TEST_F(ReorganisationTest, ACameraMovedToAnotherFloorShowsOnBothByWhenItStoodThere) {
  const FloorId first = office_.AddFloor();
  const FloorId second = office_.AddFloor();
  const CameraId camera = AddInService(tax_);
  office_.Place(camera, first, kBefore);
  office_.Place(camera, second, kAfter);
  ExpectKept(head_of_tax_, Action::kCameraList, first);
  ExpectGainedAtMidnight(head_of_tax_, Action::kCameraList, second);
  ExpectNever(head_of_welfare_, Action::kCameraList, second);
}

TEST_F(ReorganisationTest, AFloorThatACameraComesToUnderANewUnitIsThatUnitsAlone) {
  const FloorId floor = office_.AddFloor();
  const CameraId camera = AddInService(tax_, kBefore);
  office_.PutInCharge(camera, welfare_, kAfter);
  office_.Place(camera, floor, kAfter);
  ExpectGainedAtMidnight(head_of_welfare_, Action::kCameraList, floor);
  ExpectNever(head_of_tax_, Action::kCameraList, floor);
}

/// A section of tax is closed at midnight; what it recorded before.
class SuccessionTest : public ReorganisationTest {
 protected:
  [[nodiscard]] Footage past() { return Recorded(camera_, closed_); }
  void ExpectGainsThePast(PersonId person) {
    ExpectGainedAtMidnight(person, Action::kFootagePlay, past());
    ExpectGainedAtMidnight(person, Action::kFootageDownload, past());
    ExpectGainedAtMidnight(person, Action::kClipList, past());
    ExpectGainedAtMidnight(person, Action::kCoverageRead, past());
    ExpectGainedAtMidnight(person, Action::kCameraRead, camera_);
    ExpectGainedAtMidnight(person, Action::kCameraList, closed_);
    ExpectNever(person, Action::kLivePlay, camera_);
  }

  const UnitId closed_ = AddSection(tax_, kBefore);
  const CameraId camera_ = AddInService(closed_, kBefore);
};

TEST_F(SuccessionTest, TheHeadOfTheSuccessorSeesTheClosedUnitsPastFromItsEndOn) {
  const UnitId successor = AddSection(tax_, kAfter);
  office_.Succeed(closed_, successor);
  ExpectGainsThePast(office_.AddHolder(Post::kDepartmentHead, successor));
  ExpectKept(head_of_tax_, Action::kFootagePlay, past());  // both lie below
}

TEST_F(SuccessionTest, ThePastLeavesTheBureauThatTheUnitLayBelow) {
  const UnitId successor = AddSection(welfare_, kAfter);
  office_.Succeed(closed_, successor);
  ExpectGainsThePast(head_of_welfare_);
  ExpectLostAtMidnight(head_of_tax_, Action::kFootagePlay, past());
  ExpectLostAtMidnight(head_of_tax_, Action::kCameraRead, camera_);
}

TEST_F(SuccessionTest, TheOldHeadSeesNothingOnceTheUnitIsClosed) {
  const PersonId old_head = office_.AddHolder(Post::kDepartmentHead, closed_);
  office_.Succeed(closed_, AddSection(tax_, kAfter));
  ExpectLostAtMidnight(old_head, Action::kFootagePlay, past());
  ExpectLostAtMidnight(old_head, Action::kCameraRead, camera_);
}

TEST_F(SuccessionTest, NothingChangesForTheCrisisDesk) {
  office_.Succeed(closed_, AddSection(welfare_, kAfter));
  ExpectKept(crisis_, Action::kFootagePlay, past());
  ExpectKept(crisis_, Action::kCameraRead, camera_);
  EXPECT_EQ(Decide(*office_.Build(), {crisis_, Action::kFootagePlay, past()}, kMidnight - kTick)
                .changes_at,
            std::nullopt);
}

TEST_F(SuccessionTest, SeveralUnitsMergedIntoOneLeaveItAllTheirPast) {
  const UnitId other = AddSection(welfare_, kBefore);
  const UnitId merged = AddSection(ward_, kAfter);
  office_.Succeed(closed_, merged);
  office_.Succeed(other, merged);
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, merged);
  ExpectGainedAtMidnight(head, Action::kFootagePlay, past());
  ExpectGainedAtMidnight(head, Action::kFootagePlay, Recorded(camera_, other));
}

TEST_F(SuccessionTest, OfASplitUnitEachSuccessorNamedSeesThePastAndNoOther) {
  const UnitId one = AddSection(tax_, kAfter);
  const UnitId two = AddSection(welfare_, kAfter);
  const UnitId unnamed = AddSection(tax_, kAfter);
  office_.Succeed(closed_, one);
  office_.Succeed(closed_, two);
  ExpectGainsThePast(office_.AddHolder(Post::kGeneralManager, one));
  ExpectGainsThePast(office_.AddHolder(Post::kGeneralManager, two));
  ExpectNever(office_.AddHolder(Post::kGeneralManager, unnamed), Action::kFootagePlay, past());
}

TEST_F(SuccessionTest, WithoutASuccessorOnlyThePostsAboveAndTheCrisisDeskGoOnSeeingIt) {
  const PersonId beside = office_.AddHolder(Post::kDepartmentHead, AddSection(tax_, kAfter));
  ExpectKept(head_of_tax_, Action::kFootagePlay, past());
  ExpectKept(crisis_, Action::kFootagePlay, past());
  ExpectNever(beside, Action::kFootagePlay, past());
}

TEST_F(SuccessionTest, WhatWasSucceededGoesOnWithTheSuccessorsSuccessor) {
  const UnitId second = AddSection(tax_, {Day(60), kMidnight + std::chrono::hours(24)});
  const UnitId third = AddSection(welfare_, {Day(60), WallTime::max()});
  office_.Succeed(closed_, second);
  office_.Succeed(second, third);
  const PersonId head_of_second = office_.AddHolder(Post::kDepartmentHead, second);
  const PersonId head_of_third = office_.AddHolder(Post::kDepartmentHead, third);
  const WallTime next_midnight = kMidnight + std::chrono::hours(24);
  ExpectGainsThePast(head_of_second);
  ExpectNever(head_of_third, Action::kFootagePlay, past());
  EXPECT_TRUE(Plays(head_of_second, past(), next_midnight - kTick));
  EXPECT_FALSE(Plays(head_of_second, past(), next_midnight));
  EXPECT_FALSE(Plays(head_of_third, past(), next_midnight - kTick));
  EXPECT_TRUE(Plays(head_of_third, past(), next_midnight));
}

TEST_F(SuccessionTest, AnotherControllersUnitSucceedsNobody) {
  const UnitId board = office_.AddUnit();
  const UnitId school = AddSection(board, kAfter);
  office_.Succeed(closed_, school);
  ExpectNever(office_.AddHolder(Post::kDepartmentHead, board), Action::kFootagePlay, past());
  ExpectKept(head_of_tax_, Action::kFootagePlay, past());
}

TEST_F(SuccessionTest, AUnitClosedNoLaterSucceedsNobodyAndCirclesEnd) {
  const UnitId as_short = AddSection(welfare_, kBefore);
  office_.Succeed(closed_, as_short);
  office_.Succeed(as_short, closed_);
  ExpectNever(head_of_welfare_, Action::kFootagePlay, past());
  ExpectKept(head_of_tax_, Action::kFootagePlay, past());
}

TEST_F(SuccessionTest, TheChargeThatMovesWithItShowsLiveFromTheSameInstant) {
  const UnitId successor = AddSection(welfare_, kAfter);
  office_.Succeed(closed_, successor);
  office_.PutInCharge(camera_, successor, kAfter);
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, successor);
  ExpectGainedAtMidnight(head, Action::kLivePlay, camera_);
  ExpectLostAtMidnight(head_of_tax_, Action::kLivePlay, camera_);
  const auto then = VisibleCameras(*office_.Build(), head, kMidnight, WallRange{Day(49), Day(51)});
  EXPECT_EQ(then, std::vector{camera_});
}

}  // namespace
}  // namespace yagura::access_control
