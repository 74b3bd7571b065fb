#include <gmock/gmock.h>

#include <pqxx/pqxx>

#include "access_control/viewing.h"
#include "tests/access_control/gate_office.h"

namespace yagura::access_control {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ViewingTest : public GateTest {};

TEST_F(ViewingTest, AViewingIsStoredBeforeItCanBeUsed) {
  const auto viewing = Open(caller_);
  ASSERT_TRUE(viewing.has_value()) << ToString(viewing.error());
  EXPECT_EQ(Events(), "viewing_opened");
  EXPECT_EQ(store_.Run("SELECT id, person_id, purpose, terminal FROM viewing"),
            ToString(viewing->id()) + "|" + ToString(head_) + "|a complaint|terminal-1");
  EXPECT_THAT(store_.Run("SELECT body FROM audit_record"),
              HasSubstr(ToString(office_.set().assignments[0].id)));  // the basis
  EXPECT_THAT(store_.Run("SELECT body FROM audit_record"), Not(HasSubstr(caller_.token)));
}

TEST_F(ViewingTest, AViewingIsOfWhatWasPermittedAndAtMostTenMinutes) {
  const auto code_of = [&](Action action, CameraId asked, CameraId opened, WallRange interval) {
    const auto viewing =
        gate_.EnterFor<Viewing>(caller_, DemandFor(action, asked), [&](Permit& permit) {
          return permit.OpenViewing({opened, welfare_, interval});
        });
    return viewing.has_value() ? ErrorCode::kUnimplemented : viewing.error().code();
  };
  EXPECT_EQ(code_of(Action::kFootagePlay, camera_, NewId<CameraId>(), minute_),
            ErrorCode::kPermissionDenied);
  EXPECT_EQ(code_of(Action::kCoverageRead, camera_, camera_, minute_),
            ErrorCode::kPermissionDenied);
  EXPECT_EQ(code_of(Action::kFootagePlay, camera_, camera_, {now_, now_}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(
      code_of(Action::kFootagePlay, camera_, camera_, {now_, now_ + kViewingMax + microseconds(1)}),
      ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of(Action::kFootagePlay, camera_, camera_, {now_, now_ + kViewingMax}),
            ErrorCode::kUnimplemented);
  EXPECT_EQ(Events(), "viewing_opened");
}

TEST_F(ViewingTest, InsideAViewingNothingMoreIsRecorded) {
  const Viewing viewing = Open(caller_).value();
  Demand inside = DemandFor(Action::kFootagePlay, clip_.footage);
  inside.within = viewing;
  EXPECT_TRUE(gate_.Enter(caller_, inside, DoNothing).has_value());
  EXPECT_EQ(Events(), "viewing_opened");
  inside.resource =
      DemandFor(Action::kFootagePlay,
                Footage{camera_, welfare_, {minute_.from, minute_.to + microseconds(1)}})
          .resource;
  EXPECT_TRUE(gate_.Enter(caller_, inside, DoNothing).has_value());
  EXPECT_EQ(Events(), "viewing_opened footage_permitted");
  inside.resource = DemandFor(Action::kFootagePlay, clip_.footage).resource;
  EXPECT_TRUE(gate_.Enter(store_.StartSession(head_), inside, DoNothing)
                  .has_value());  // another session's viewing counts for nothing
  EXPECT_EQ(Events(), "viewing_opened footage_permitted footage_permitted");
}

TEST_F(ViewingTest, WhatWasHandedOutIsRecordedAlsoWhenTheRightHasEnded) {
  const Viewing viewing = Open(caller_).value();
  store_.Run("UPDATE assignment SET valid_to = now()");
  const WallRange piece{minute_.from, minute_.from + std::chrono::seconds(30)};
  ASSERT_TRUE(gate_.RecordDelivered({viewing.id(), {piece}, 1000, false}).has_value());
  ASSERT_TRUE(gate_.RecordDelivered({viewing.id(), {}, 0, true}).has_value());
  EXPECT_EQ(store_.Run("SELECT report, bytes, last FROM viewing_delivery ORDER BY report"),
            "1|1000|f\n2|0|t");
  EXPECT_EQ(Events(), "viewing_opened viewing_delivered viewing_delivered");
  EXPECT_FALSE(gate_.RecordDelivered({NewId<ViewingId>(), {piece}, 1, true}).has_value());
}

TEST_F(ViewingTest, InsideAViewingAnEndedRightIsNoticedWithinTwoSeconds) {
  const Viewing viewing = Open(caller_).value();
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());
  store_.Run("UPDATE assignment SET valid_to = now() WHERE person_id = '" + ToString(head_) + "'");
  clock_.passed += std::chrono::seconds(1);
  EXPECT_EQ(gate_.Recheck(caller_, viewing, clip_.footage).error().code(), ErrorCode::kNotFound);
}

TEST_F(ViewingTest, InsideAViewingAnEndedSessionIsNoticedWithinTwoSeconds) {
  const Viewing viewing = Open(caller_).value();
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());
  store_.Run("UPDATE session SET ended_at = now()");
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());  // from memory
  clock_.passed += std::chrono::seconds(1);
  EXPECT_EQ(gate_.Recheck(caller_, viewing, clip_.footage).error().code(),
            ErrorCode::kUnauthenticated);
}

TEST_F(ViewingTest, EnteringIsALookAtTheSessionToo) {
  const Viewing viewing = Open(caller_).value();
  store_.Run("UPDATE session SET ended_at = now()");
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());  // from memory
  clock_.passed += std::chrono::seconds(1);
  EXPECT_EQ(gate_.Recheck(caller_, viewing, clip_.footage).error().code(),
            ErrorCode::kUnauthenticated);
}

TEST_F(ViewingTest, AnEndThatTheFactsKnowBeforehandIsKeptToTheInstantFromMemory) {
  store_.Run("UPDATE assignment SET valid_to = now() + interval '60 seconds' WHERE person_id = '" +
             ToString(head_) + "'");
  const Viewing viewing = Open(caller_).value();
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());
  clock_.ahead = std::chrono::seconds(61);
  EXPECT_EQ(gate_.Recheck(caller_, viewing, clip_.footage).error().code(), ErrorCode::kNotFound);
}

TEST_F(ViewingTest, AViewingIsGoodForItsOwnSessionCameraAndIntervalOnly) {
  const Viewing viewing = Open(caller_).value();
  const Caller again = store_.StartSession(head_);
  EXPECT_EQ(gate_.Recheck(again, viewing, clip_.footage).error().code(),
            ErrorCode::kUnauthenticated);
  const Footage later{camera_, welfare_, {minute_.to, minute_.to + std::chrono::seconds(1)}};
  EXPECT_EQ(gate_.Recheck(caller_, viewing, later).error().code(), ErrorCode::kOutOfRange);
  const Footage other{NewId<CameraId>(), welfare_, minute_};
  EXPECT_EQ(gate_.Recheck(caller_, viewing, other).error().code(), ErrorCode::kOutOfRange);
  const Footage foreign{camera_, taxes_, minute_};
  EXPECT_EQ(gate_.Recheck(caller_, viewing, foreign).error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace yagura::access_control
