#include <gmock/gmock.h>

#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "access_control/audit_pg.h"
#include "access_control/gate.h"
#include "access_control/sessions_pg.h"
#include "tests/access_control/office.h"
#include "tests/access_control/stored_office.h"

namespace yagura::access_control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

WallTime RealNow() { return std::chrono::floor<microseconds>(SystemClock().Now()); }

/// A wall clock that tells the real time, as row security demands, and a monotonic one that a test
/// moves.
class HalfClock final : public Clock {
 public:
  [[nodiscard]] WallTime Now() const override { return RealNow() + ahead; }
  [[nodiscard]] MonoTime Monotonic() const override {
    return MonoTime(std::chrono::seconds(1000) + passed);
  }
  microseconds ahead{0};
  std::chrono::milliseconds passed{0};
};

class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    const UnitId root = office_.AddUnit();
    welfare_ = office_.AddUnit(root);
    taxes_ = office_.AddUnit(root);
    const WallRange since{now_ - std::chrono::hours(48), WallTime::max()};
    camera_ = office_.AddCamera(welfare_, since);
    floor_ = office_.AddFloor();
    office_.Place(camera_, floor_, since);
    head_ = office_.AddHolder(Post::kDepartmentHead, welfare_, since);
    other_head_ = office_.AddHolder(Post::kDepartmentHead, taxes_, since);
    operations_ = office_.AddHolder(Post::kOperations, root, since);
    clip_ = ClipOf({camera_, welfare_, minute_}, floor_);
    store_.Store(office_.set(), {clip_});
    caller_ = store_.StartSession(head_);
  }

  [[nodiscard]] static Result<void> DoNothing(Permit&) { return {}; }
  ErrorCode CodeOfEntering(const Caller& caller, const Demand& demand) {
    const auto entered = gate_.Enter(caller, demand, DoNothing);
    return entered.has_value() ? ErrorCode::kUnimplemented : entered.error().code();
  }
  /// "event event …" of all records, oldest first.
  std::string Events() {
    return store_.Run("SELECT coalesce(string_agg(event, ' ' ORDER BY at), '') FROM audit_record");
  }
  /// The clip's footage, found by its id as a handler does.
  [[nodiscard]] Demand DemandForClip(const RunId& run) const {
    return {Action::kFootagePlay,
            [run](pqxx::transaction_base& transaction) -> Result<Resource> {
              const auto rows = transaction.exec_params(
                  "SELECT camera_id, unit_id FROM clip WHERE run_id = $1", ToString(run));
              if (rows.empty()) return Failure(ErrorCode::kNotFound, "no such clip");
              return Footage{
                  *ParseId<CameraId>(rows[0][0].c_str()), *ParseId<UnitId>(rows[0][1].c_str()), {}};
            },
            std::nullopt};
  }
  Result<Viewing> Open(const Caller& caller) {
    return gate_.EnterFor<Viewing>(
        caller, DemandFor(Action::kFootagePlay, camera_),
        [&](Permit& permit) { return permit.OpenViewing(camera_, minute_, "a complaint"); });
  }

  WallTime now_ = RealNow();
  WallRange minute_{now_ - std::chrono::hours(1),
                    now_ - std::chrono::hours(1) + std::chrono::minutes(1)};
  Office office_;
  UnitId welfare_, taxes_;
  CameraId camera_;
  FloorId floor_;
  PersonId head_, other_head_, operations_;
  StoredClip clip_;
  std::unique_ptr<testing::MigratedPostgres> database_ = StoredOffice::NewDatabase();
  StoredOffice store_{*database_};
  Caller caller_;
  HalfClock clock_;
  FactsSource facts_{database_->As("yagura_media")};
  Gate gate_{database_->As("yagura_media"), facts_, clock_};
};

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

TEST_F(GateTest, AViewingIsStoredBeforeItCanBeUsed) {
  const auto viewing = Open(caller_);
  ASSERT_TRUE(viewing.has_value()) << ToString(viewing.error());
  EXPECT_EQ(Events(), "viewing_opened");
  EXPECT_EQ(store_.Run("SELECT id, person_id, purpose, terminal FROM viewing"),
            ToString(viewing->id()) + "|" + ToString(head_) + "|a complaint|terminal-1");
  EXPECT_THAT(store_.Run("SELECT body FROM audit_record"),
              HasSubstr(ToString(office_.set().assignments[0].id)));  // the basis
  EXPECT_THAT(store_.Run("SELECT body FROM audit_record"), Not(HasSubstr(caller_.token)));
}

TEST_F(GateTest, AViewingIsOfWhatWasPermittedAndAtMostTenMinutes) {
  const auto code_of = [&](Action action, CameraId asked, CameraId opened, WallRange interval) {
    const auto viewing = gate_.EnterFor<Viewing>(
        caller_, DemandFor(action, asked),
        [&](Permit& permit) { return permit.OpenViewing(opened, interval); });
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

TEST_F(GateTest, InsideAViewingNothingMoreIsRecorded) {
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

TEST_F(GateTest, WhatWasHandedOutIsRecordedAlsoWhenTheRightHasEnded) {
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

TEST_F(GateTest, InsideAViewingAnEndedRightIsNoticedWithinTwoSeconds) {
  const Viewing viewing = Open(caller_).value();
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());
  store_.Run("UPDATE assignment SET valid_to = now() WHERE person_id = '" + ToString(head_) + "'");
  clock_.passed += std::chrono::seconds(1);
  EXPECT_EQ(gate_.Recheck(caller_, viewing, clip_.footage).error().code(), ErrorCode::kNotFound);
}

TEST_F(GateTest, InsideAViewingAnEndedSessionIsNoticedWithinTwoSeconds) {
  const Viewing viewing = Open(caller_).value();
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());
  store_.Run("UPDATE session SET ended_at = now()");
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());  // from memory
  clock_.passed += std::chrono::seconds(1);
  EXPECT_EQ(gate_.Recheck(caller_, viewing, clip_.footage).error().code(),
            ErrorCode::kUnauthenticated);
}

TEST_F(GateTest, AnEndThatTheFactsKnowBeforehandIsKeptToTheInstantFromMemory) {
  store_.Run("UPDATE assignment SET valid_to = now() + interval '5 seconds' WHERE person_id = '" +
             ToString(head_) + "'");
  const Viewing viewing = Open(caller_).value();
  EXPECT_TRUE(gate_.Recheck(caller_, viewing, clip_.footage).has_value());
  clock_.ahead = std::chrono::seconds(6);
  EXPECT_EQ(gate_.Recheck(caller_, viewing, clip_.footage).error().code(), ErrorCode::kNotFound);
}

TEST_F(GateTest, AViewingIsGoodForItsOwnSessionCameraAndIntervalOnly) {
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
                                     EXPECT_TRUE(permit.OpenViewing(camera_, minute_).has_value());
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
