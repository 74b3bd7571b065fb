#include "access_control/decide.h"

#include <gmock/gmock.h>

#include "access_control/visible.h"
#include "tests/access_control/office.h"

namespace yagura::access_control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Footage MinuteOf(CameraId camera, UnitId unit, WallTime from) {
  return {camera, unit, {from, from + std::chrono::minutes(1)}};
}

class DecideTest : public ::testing::Test {
 protected:
  [[nodiscard]] Decision Ask(PersonId person, Action action, Resource resource,
                             WallTime now) const {
    return Decide(*office_.Build(), {person, action, resource}, now);
  }
  [[nodiscard]] bool May(PersonId person, Action action, Resource resource, WallTime now) const {
    return Ask(person, action, resource, now).permits();
  }

  Office office_;
  UnitId root_ = office_.AddUnit();
  UnitId welfare_ = office_.AddUnit(root_);
  UnitId taxes_ = office_.AddUnit(root_);
};

TEST_F(DecideTest, ATransferAtMidnightLeavesNoInstantWithBothHeadsOrNeither) {
  const CameraId camera = office_.AddCamera(welfare_);
  const PersonId old_head = office_.AddHolder(Post::kDepartmentHead, welfare_, {Day(0), Day(10)});
  const PersonId new_head =
      office_.AddHolder(Post::kDepartmentHead, welfare_, {Day(10), WallTime::max()});
  const Footage before = MinuteOf(camera, welfare_, Day(5));

  EXPECT_TRUE(May(old_head, Action::kFootagePlay, before, Day(10) - microseconds(1)));
  EXPECT_FALSE(May(new_head, Action::kFootagePlay, before, Day(10) - microseconds(1)));
  EXPECT_FALSE(May(old_head, Action::kFootagePlay, before, Day(10)));
  EXPECT_TRUE(May(new_head, Action::kFootagePlay, before, Day(10)));  // the past follows the post
}

TEST_F(DecideTest, FootageStaysWithTheUnitThatRecordedIt) {
  const CameraId camera = office_.AddCamera();
  office_.PutInCharge(camera, welfare_, {Day(0), Day(10)});
  office_.PutInCharge(camera, taxes_, {Day(10), WallTime::max()});
  const PersonId welfare_head = office_.AddHolder(Post::kDepartmentHead, welfare_);
  const PersonId taxes_head = office_.AddHolder(Post::kDepartmentHead, taxes_);
  const Footage old = MinuteOf(camera, welfare_, Day(9));
  const Footage recent = MinuteOf(camera, taxes_, Day(11));

  EXPECT_TRUE(May(welfare_head, Action::kFootagePlay, old, Day(12)));
  EXPECT_FALSE(May(welfare_head, Action::kFootagePlay, recent, Day(12)));
  EXPECT_FALSE(May(taxes_head, Action::kFootagePlay, old, Day(12)));
  EXPECT_TRUE(May(taxes_head, Action::kFootagePlay, recent, Day(12)));
  // Both may ask for the camera: the answers differ in their pieces alone.
  EXPECT_TRUE(May(welfare_head, Action::kFootagePlay, camera, Day(12)));
  EXPECT_TRUE(May(taxes_head, Action::kFootagePlay, camera, Day(12)));
}

TEST_F(DecideTest, ARangeIsSplitWhereTheChargeChanged) {
  const CameraId camera = office_.AddCamera();
  office_.PutInCharge(camera, welfare_, {Day(0), Day(10)});
  office_.PutInCharge(camera, taxes_, {Day(10), Day(20)});
  office_.PutInCharge(camera, welfare_, {Day(20), WallTime::max()});
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, welfare_);
  const PersonId crisis = office_.AddHolder(Post::kCrisisManagement, taxes_);
  const PersonId operations = office_.AddHolder(Post::kOperations, root_);
  const auto facts = office_.Build();
  const WallRange asked{Day(9), Day(21)};

  EXPECT_THAT(VisiblePieces(*facts, head, camera, asked, Day(30)),
              ElementsAre(Footage{camera, welfare_, {Day(9), Day(10)}},
                          Footage{camera, welfare_, {Day(20), Day(21)}}));
  EXPECT_THAT(VisiblePieces(*facts, crisis, camera, asked, Day(30)),
              ElementsAre(Footage{camera, welfare_, {Day(9), Day(10)}},
                          Footage{camera, taxes_, {Day(10), Day(20)}},
                          Footage{camera, welfare_, {Day(20), Day(21)}}));
  EXPECT_THAT(VisiblePieces(*facts, operations, camera, asked, Day(30)), IsEmpty());
}

TEST_F(DecideTest, NoPostOverridesThatFootageWasRecordedWhileStaged) {
  const CameraId camera = office_.AddCamera(welfare_);
  office_.SetState(camera, CameraState::kStaged, {Day(0), Day(5)});
  office_.SetState(camera, CameraState::kInService, {Day(5), WallTime::max()});
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, welfare_);
  const PersonId crisis = office_.AddHolder(Post::kCrisisManagement, root_);

  for (const PersonId person : {head, crisis}) {
    const Decision staged =
        Ask(person, Action::kFootagePlay, MinuteOf(camera, welfare_, Day(4)), Day(10));
    EXPECT_EQ(staged.reason, Reason::kRecordedWhileStaged);
    EXPECT_EQ(CodeOf(staged.reason), ErrorCode::kNotFound);
    EXPECT_TRUE(May(person, Action::kFootagePlay, MinuteOf(camera, welfare_, Day(5)), Day(10)));
  }
}

TEST_F(DecideTest, AStateThatIsNotKnownHidesLikeStaged) {
  const CameraId camera = office_.AddCamera(welfare_);
  office_.SetState(camera, CameraState::kUnknown);
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, welfare_);
  EXPECT_FALSE(May(head, Action::kFootagePlay, MinuteOf(camera, welfare_, Day(4)), Day(10)));
}

TEST_F(DecideTest, WhatIsNotUnderstoodIsDenied) {
  const CameraId camera = office_.AddCamera(welfare_);
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, welfare_);
  const PersonId unknown_post = office_.AddHolder(Post::kUnknown, root_);

  EXPECT_EQ(Ask(head, static_cast<Action>(200), camera, Day(1)).reason, Reason::kNotUnderstood);
  EXPECT_EQ(Ask(head, Action::kCameraRead, welfare_, Day(1)).reason, Reason::kNotUnderstood);
  EXPECT_EQ(Ask(head, Action::kFootagePlay, std::monostate(), Day(1)).reason,
            Reason::kNotUnderstood);
  EXPECT_FALSE(May(unknown_post, Action::kCameraRead, camera, Day(1)));
  EXPECT_FALSE(May(unknown_post, Action::kCameraList, std::monostate(), Day(1)));
  EXPECT_FALSE(May(NewId<PersonId>(), Action::kSessionRead, std::monostate(), Day(1)));
}

TEST_F(DecideTest, EveryAssignmentThatPermitsIsNamed) {
  const CameraId camera = office_.AddCamera(welfare_);
  const PersonId person = office_.AddPerson();
  const AssignmentId as_head = office_.Assign(person, Post::kDepartmentHead, welfare_);
  const AssignmentId as_crisis = office_.Assign(person, Post::kCrisisManagement, taxes_);
  office_.Assign(person, Post::kDepartmentHead, taxes_);                      // another unit's
  office_.Assign(person, Post::kDepartmentHead, welfare_, {Day(0), Day(1)});  // over
  const Decision decision =
      Ask(person, Action::kFootageDownload, MinuteOf(camera, welfare_, Day(1)), Day(2));
  EXPECT_THAT(decision.basis, UnorderedElementsAre(as_head, as_crisis));
  EXPECT_THAT(decision.obligations, ElementsAre(Obligation::kRecordViewing));
}

TEST_F(DecideTest, ChangesWhenTheLastOfSeveralPostsEnds) {
  const CameraId camera = office_.AddCamera(welfare_);
  const PersonId person = office_.AddPerson();
  office_.Assign(person, Post::kDepartmentHead, welfare_, {Day(0), Day(10)});
  office_.Assign(person, Post::kGeneralManager, root_, {Day(5), Day(15)});
  office_.Assign(person, Post::kDepartmentHead, taxes_, {Day(0), Day(30)});
  EXPECT_EQ(
      Ask(person, Action::kFootagePlay, MinuteOf(camera, welfare_, Day(1)), Day(6)).changes_at,
      Day(15));
  EXPECT_EQ(
      Ask(person, Action::kFootagePlay, MinuteOf(camera, welfare_, Day(1)), Day(15)).changes_at,
      std::nullopt);
}

TEST_F(DecideTest, AChargeEnteredAheadShowsTheCameraFromItsInstantOn) {
  const CameraId camera = office_.AddCamera(taxes_, {Day(10), WallTime::max()});
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, taxes_);
  const Decision early = Ask(head, Action::kCameraRead, camera, Day(9));
  EXPECT_EQ(CodeOf(early.reason), ErrorCode::kNotFound);
  EXPECT_EQ(early.changes_at, Day(10));
  EXPECT_TRUE(May(head, Action::kCameraRead, camera, Day(10)));
}

TEST_F(DecideTest, ListsShowWhatIsInChargeNowAndThen) {
  const CameraId ours = office_.AddCamera(welfare_);
  const CameraId once_ours = office_.AddCamera(welfare_, {Day(0), Day(10)});
  const CameraId theirs = office_.AddCamera(taxes_);
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, welfare_);
  const PersonId administrator = office_.AddHolder(Post::kAdministrator, root_);
  const PersonId auditor = office_.AddHolder(Post::kAuditor, root_);
  const auto facts = office_.Build();

  EXPECT_THAT(VisibleCameras(*facts, head, Day(20)), ElementsAre(ours));
  EXPECT_THAT(VisibleCameras(*facts, head, Day(20), WallRange{Day(9), Day(11)}),
              UnorderedElementsAre(ours, once_ours));
  EXPECT_THAT(VisibleCameras(*facts, head, Day(20), WallRange{Day(10), Day(11)}),
              ElementsAre(ours));
  EXPECT_THAT(VisibleCameras(*facts, administrator, Day(20)),
              UnorderedElementsAre(ours, once_ours, theirs));
  EXPECT_THAT(VisibleCameras(*facts, auditor, Day(20)), IsEmpty());
}

TEST_F(DecideTest, AClosedUnitsPastIsSeenFromAboveButGivesItsOwnPostsNothing) {
  const UnitId closed = office_.AddUnit(welfare_, {WallTime::min(), Day(10)});
  const CameraId camera = office_.AddCamera(closed, {Day(0), Day(10)});
  const PersonId head_of_closed = office_.AddHolder(Post::kDepartmentHead, closed);
  const PersonId head_above = office_.AddHolder(Post::kGeneralManager, welfare_);
  const Footage old = MinuteOf(camera, closed, Day(5));
  EXPECT_TRUE(May(head_of_closed, Action::kFootagePlay, old, Day(10) - microseconds(1)));
  EXPECT_FALSE(May(head_of_closed, Action::kFootagePlay, old, Day(10)));
  EXPECT_TRUE(May(head_above, Action::kFootagePlay, old, Day(10)));
}

TEST_F(DecideTest, SaysWhatOnesPostsAreGoodFor) {
  const PersonId head = office_.AddHolder(Post::kDepartmentHead, welfare_);
  const PersonId auditor = office_.AddHolder(Post::kAuditor, root_);
  const PersonId former = office_.AddHolder(Post::kDepartmentHead, welfare_, {Day(0), Day(1)});
  const auto facts = office_.Build();
  EXPECT_THAT(PossibleActions(*facts, head, Day(2)), ::testing::Contains(Action::kFootageDownload));
  EXPECT_THAT(PossibleActions(*facts, auditor, Day(2)),
              ElementsAre(Action::kSessionRead, Action::kSessionEnd, Action::kCameraList,
                          Action::kPlaceList, Action::kPhaseList, Action::kDepartmentList,
                          Action::kViewingList, Action::kAuditRead, Action::kHoldCreate,
                          Action::kHoldList));
  EXPECT_THAT(PossibleActions(*facts, former, Day(2)),
              ElementsAre(Action::kSessionRead, Action::kSessionEnd));
}

}  // namespace
}  // namespace yagura::access_control
