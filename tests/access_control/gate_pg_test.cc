#include <gmock/gmock.h>

#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "access_control/audit_pg.h"
#include "access_control/gate.h"
#include "access_control/sessions_pg.h"
#include "tests/access_control/gate_office.h"

namespace yagura::access_control {
namespace {

using ::testing::IsEmpty;

TEST_F(GateTest, RunsTheWorkUnderThePersonsRowSecurity) {
  std::string seen;
  const auto entered =
      gate_.Enter(caller_, DemandFor(Action::kCameraList), [&](Permit& permit) -> Result<void> {
        EXPECT_EQ(permit.principal().person, head_);
        EXPECT_EQ(permit.principal().posts.size(), 1U);
        seen =
            permit.transaction().exec1("SELECT string_agg(id::text, ' ') FROM camera")[0].c_str();
        return {};
      });
  ASSERT_TRUE(entered.has_value()) << ToString(entered.error());
  EXPECT_EQ(seen, ToString(camera_));
  EXPECT_EQ(Events(), "");  // metadata of one's own leaves no record
}

TEST_F(GateTest, WithoutASessionNothingRuns) {
  const std::string unknown(43, 'A');
  for (const std::string& token : {std::string(), std::string("x"), unknown, std::string(43, '\''),
                                   std::string(100000, 'A')}) {
    EXPECT_EQ(CodeOfEntering({token, "t", "r"}, DemandFor(Action::kSessionRead)),
              ErrorCode::kUnauthenticated);
  }
}

TEST_F(GateTest, AForeignIdIsAnsweredLikeOneThatDoesNotExistAndBothAreRecorded) {
  const Caller stranger = store_.StartSession(other_head_);
  const auto foreign = gate_.Enter(stranger, DemandFor(Action::kFootagePlay, camera_), DoNothing);
  const auto unknown =
      gate_.Enter(stranger, DemandFor(Action::kFootagePlay, NewId<CameraId>()), DoNothing);
  ASSERT_FALSE(foreign.has_value());
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(ToString(foreign.error()), ToString(unknown.error()));
  EXPECT_EQ(foreign.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(Events(), "denied denied");
}

TEST_F(GateTest, AForeignClipIsHiddenByTheSecondLineAlready) {
  const Caller stranger = store_.StartSession(other_head_);
  const auto foreign = gate_.Enter(stranger, DemandForClip(clip_.run), DoNothing);
  const auto unknown = gate_.Enter(stranger, DemandForClip(NewId<RunId>()), DoNothing);
  ASSERT_FALSE(foreign.has_value());
  EXPECT_EQ(ToString(foreign.error()), ToString(unknown.error()));
  EXPECT_TRUE(gate_.Enter(caller_, DemandForClip(clip_.run), DoNothing).has_value());
}

TEST_F(GateTest, WhatIsVisibleButNotAllowedIsDenied) {
  const Caller operations = store_.StartSession(operations_);
  EXPECT_EQ(CodeOfEntering(operations, DemandFor(Action::kFootagePlay, camera_)),
            ErrorCode::kPermissionDenied);
  EXPECT_EQ(CodeOfEntering(operations, DemandFor(Action::kClipList)), ErrorCode::kPermissionDenied);
  EXPECT_TRUE(
      gate_.Enter(operations, DemandFor(Action::kCoverageRead, camera_), DoNothing).has_value());
}

TEST_F(GateTest, ADenialWithoutItsRecordIsNoAnswer) {
  store_.Run("REVOKE EXECUTE ON FUNCTION audit_append FROM yagura_media");
  const Caller stranger = store_.StartSession(other_head_);
  EXPECT_EQ(gate_.Enter(stranger, DemandFor(Action::kFootagePlay, camera_), DoNothing)
                .error()
                .message()
                .substr(0, 8),
            "sqlstate");
}

TEST_F(GateTest, PermitsOnFootageAreRecordedEvenWhereTheWorkForgets) {
  ASSERT_TRUE(
      gate_.Enter(caller_, DemandFor(Action::kFootagePlay, camera_), DoNothing).has_value());
  EXPECT_EQ(Events(), "footage_permitted");
}

TEST_F(GateTest, PermitsOnFootageThatCannotBeRecordedAreNone) {
  store_.Run("ALTER TABLE audit_record ADD CHECK (event <> 'footage_permitted')");
  EXPECT_FALSE(
      gate_.Enter(caller_, DemandFor(Action::kFootagePlay, camera_), DoNothing).has_value());
}

TEST_F(GateTest, TheNextRequestAfterAChangeOfFactsIsDecidedOnTheNewOnes) {
  ASSERT_TRUE(
      gate_.Enter(caller_, DemandFor(Action::kFootagePlay, camera_), DoNothing).has_value());
  store_.Run("UPDATE assignment SET valid_to = now() WHERE person_id = '" + ToString(head_) + "'");
  EXPECT_EQ(CodeOfEntering(caller_, DemandFor(Action::kFootagePlay, camera_)),
            ErrorCode::kNotFound);
}

TEST_F(GateTest, AChangeOfFactsDuringTheWorkMakesItDecideAgain) {
  int runs = 0;
  const auto entered =
      gate_.Enter(caller_, DemandFor(Action::kFootagePlay, camera_), [&](Permit&) -> Result<void> {
        // After the decision, before its record: as late as a change can come.
        if (++runs == 1)
          store_.Run("UPDATE assignment SET valid_to = now() WHERE person_id = '" +
                     ToString(head_) + "'");
        return {};
      });
  EXPECT_EQ(entered.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Events(), "denied");
}

TEST_F(GateTest, FactsThatNeverStandStillGiveUnavailable) {
  const auto entered =
      gate_.Enter(caller_, DemandFor(Action::kFootagePlay, camera_), [&](Permit&) -> Result<void> {
        store_.Run("UPDATE unit SET name = name");
        return {};
      });
  EXPECT_EQ(entered.error().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(Events(), "");
}

TEST_F(GateTest, RevocationsRacingWithRequestsLeaveNoLateGrant) {
  constexpr int kRaces = 60;
  const std::string mine = " WHERE person_id = '" + ToString(head_) + "'";
  int late = 0;
  for (int race = 0; race < kRaces; ++race) {
    store_.Run("UPDATE assignment SET valid_to = 'infinity'" + mine);
    std::atomic<bool> revoked = false;
    std::jthread revoking([&] {
      store_.Run("UPDATE assignment SET valid_to = clock_timestamp()" + mine);
      revoked = true;
    });
    for (bool last = false; !last;) {
      last = revoked;  // what begins after the revocation's commit must see it
      const bool granted =
          gate_.Enter(caller_, DemandFor(Action::kFootagePlay, camera_), DoNothing).has_value();
      late += last && granted ? 1 : 0;
    }
  }
  EXPECT_EQ(late, 0) << "of " << kRaces;
}

TEST_F(GateTest, AClockFarFromTheDatabasesServesNobody) {
  clock_.ahead = std::chrono::seconds(30);
  EXPECT_EQ(CodeOfEntering(caller_, DemandFor(Action::kCameraList)), ErrorCode::kUnavailable);
}

TEST_F(GateTest, OnlyPublicActionsAreOpenToEveryone) {
  EXPECT_TRUE(gate_.EnterPublic(Action::kServiceRead).has_value());
  EXPECT_TRUE(gate_.EnterPublic(Action::kSessionStart).has_value());
  for (const Action action : kAllActions) {
    if (action == Action::kServiceRead || action == Action::kSessionStart) continue;
    EXPECT_FALSE(gate_.EnterPublic(action).has_value()) << ToString(action);
  }
}

TEST_F(GateTest, AnErrorOfTheWorkUndoesEverything) {
  const auto entered = gate_.Enter(caller_, DemandFor(Action::kFootagePlay, camera_),
                                   [&](Permit& permit) -> Result<void> {
                                     EXPECT_TRUE(permit.OpenViewing(clip_.footage).has_value());
                                     return Failure(ErrorCode::kDataLoss, "the file is damaged");
                                   });
  EXPECT_EQ(entered.error().code(), ErrorCode::kDataLoss);
  EXPECT_EQ(Events(), "");
  EXPECT_EQ(store_.Run("SELECT count(*) FROM viewing"), "0");
}

TEST_F(GateTest, AFullViewOfOneselfAndThenTheEnd) {
  FactsSource facts(database_->As("yagura_api"));
  Gate gate(database_->As("yagura_api"), facts, clock_);
  const auto me = gate.EnterFor<WhoAmI>(caller_, DemandFor(Action::kSessionRead), &ReadWhoAmI);
  ASSERT_TRUE(me.has_value()) << ToString(me.error());
  EXPECT_EQ(me->person, head_);
  EXPECT_EQ(me->name, "canary person");
  ASSERT_EQ(me->posts.size(), 1U);
  EXPECT_EQ(me->posts[0].unit_name, "canary unit");
  EXPECT_THAT(me->may_do, ::testing::Contains(Action::kFootagePlay));

  ASSERT_TRUE(gate.Enter(caller_, DemandFor(Action::kSessionEnd), &EndSession).has_value());
  EXPECT_EQ(CodeOfEntering(caller_, DemandFor(Action::kSessionRead)), ErrorCode::kUnauthenticated);
  EXPECT_EQ(Events(), "signed_out");
}

TEST_F(GateTest, EveryRecordStandsInAChainThatHolds) {
  ASSERT_TRUE(Open(caller_).has_value());
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(CodeOfEntering(caller_, DemandFor(Action::kCameraRead, NewId<CameraId>())),
              ErrorCode::kNotFound);
  const auto check = CheckAudit(database_->As("yagura_keep"));
  ASSERT_TRUE(check.has_value()) << ToString(check.error());
  EXPECT_EQ(check->records, 6);
  EXPECT_THAT(check->faults, IsEmpty());
}

}  // namespace
}  // namespace yagura::access_control
