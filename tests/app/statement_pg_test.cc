// A day's statement on what is kept: what `yagura keep` states, and `yagura retention statement`
// on it.
#include <filesystem>

#include "app/audit_sealer.h"
#include "app/statement_keeper.h"
#include "storage/files_posix.h"
#include "storage/retention_queries_pg.h"
#include "tests/app/office_fixture.h"
#include "tests/storage/catalogue_office.h"
#include "tests/storage/office_term.h"

namespace yagura::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class StatementTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    std::filesystem::create_directory(state_.folder());
    std::ostringstream text;
    text << std::ifstream(Path()).rdbuf();
    std::string configuration = text.str();
    const std::string standard = "/var/lib/yagura";
    configuration.replace(configuration.find(standard), standard.size(), state_.folder().string());
    std::ofstream(Path()) << configuration;
    clock_.StepWall(midnight_ + minutes(10) - clock_.Now());
    ASSERT_EQ(catalogue_.Insert(*database_), "");
    Record(clock_.Now() - minutes(25), 0);  // the last two hours have something
    Record(clock_.Now() - minutes(85), 0);
    Start();
  }
  void Start() {
    keeper_ = std::make_unique<StatementKeeper>(database_->As("yagura_keep"), clock_,
                                                OfficeCalendar::Load("Asia/Tokyo").value());
  }
  void Record(WallTime at, std::uint32_t clips) {
    last_run_ = catalogue_.Run(at, catalogue_.camera);
    const auto stored = database_->As("yagura_record").Run([&](auto& transaction) -> Result<void> {
      InsertRecords(transaction, catalogue_.RunWithClips(last_run_, clips),
                    storage::CatalogueOffice::Days());
      return {};
    });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  /// A clip that ended `before` the term of 30 days was over at midnight.
  void RecordTooOld(minutes before) { Record(midnight_ - hours(24 * 30) - minutes(1) - before, 1); }
  void Hold() {
    ASSERT_EQ(
        "", Ask("SELECT 1 WHERE hold_keep(gen_random_uuid(), '" + ToString(catalogue_.camera) +
                "', '" + ToString(catalogue_.unit) + "', '" + FormatRfc3339(last_run_.wall_start) +
                "', '" + FormatRfc3339(last_run_.wall_start + minutes(1)) +
                "', 'why', now() + interval '9 days', '" + ToString(catalogue_.placer) +
                "', ARRAY[gen_random_uuid()]) IS NULL"));
  }
  /// Marks the clips of the last run as a plan does; with `proves`, all of it as at `at`.
  void Delete(WallTime at, bool proves) {
    const ClipId clip{.run = last_run_.run, .sequence = 0};
    const auto done = database_->As("yagura_keep").Run([&](auto& transaction) -> Result<void> {
      storage::MarkExpiring(transaction,
                            {{.id = clip,
                              .start = last_run_.wall_start,
                              .rule = storage::DeletionRule::kAge,
                              .version = 1}},
                            at);
      if (proves)
        storage::ProveDeleted(transaction,
                              {{.id = clip, .camera = {}, .start = last_run_.wall_start}}, at);
      return {};
    });
    ASSERT_TRUE(done.has_value()) << ToString(done.error());
  }
  bool Round() {
    const auto stated = keeper_->Round();
    EXPECT_TRUE(stated.has_value()) << ToString(stated.error());
    return stated.value_or(false);
  }
  void Seal() {
    AuditSealer sealer(database_->As("yagura_keep"), files_, state_, clock_);
    EXPECT_TRUE(sealer.Seal().has_value());
  }
  void StateAndSeal() {
    EXPECT_TRUE(Round());
    Seal();
  }
  /// A term of the whole office, from the midnight on.
  void SetTerm(int days) {
    const hours keep(24 * days);
    const auto set = storage::SetOfficeTerm(database_->As("yagura_admin"),
                                            {.keep = keep, .minimum = hours(24)}, midnight_);
    ASSERT_TRUE(set.has_value()) << ToString(set.error());
  }
  std::string Stated(const std::string& count) {
    return Ask("SELECT body::jsonb -> '" + count +
               "' ->> 'clips' FROM audit_record WHERE event = 'retention_stated'");
  }
  Said Show() { return Yagura({"retention", "statement", "2027-06-15"}); }
  std::string Fails() {
    const Said said = Show();
    EXPECT_EQ(said.code, 1) << said.out << said.err;
    return said.out;
  }
  void Tamper(const std::string& sql) {
    EXPECT_THAT(Ask("SET LOCAL session_replication_role = replica; " + sql),
                Not(HasSubstr("sqlstate")));
  }

  const WallTime midnight_ = ParseRfc3339("2027-06-16T00:00:00+09:00").value();
  StateFiles state_{folder_.path() / "state"};
  storage::PosixFiles files_;
  storage::CatalogueOffice catalogue_;
  storage::RunOpened last_run_;
  std::unique_ptr<StatementKeeper> keeper_;
};

TEST_F(StatementTest, StatesADayOnceTenMinutesAfterItsEnd) {
  clock_.StepWall(-std::chrono::seconds(1));
  EXPECT_FALSE(Round());
  clock_.StepWall(std::chrono::seconds(1));
  EXPECT_TRUE(Round());
  EXPECT_FALSE(Round());
  clock_.Advance(minutes(20));
  Start();
  EXPECT_FALSE(Round());
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_record WHERE event = 'retention_stated'"), "1");
}

TEST_F(StatementTest, TellsWhatIsLeftWhatGoesAndWhatIsHeld) {
  RecordTooOld(minutes(5));
  Hold();
  RecordTooOld(minutes(10));
  Delete(clock_.Now(), false);
  RecordTooOld(minutes(1));
  RecordTooOld(minutes(0));  // its term is over with the day: too old in the next one
  StateAndSeal();
  EXPECT_THAT(Fails(), AllOf(HasSubstr("older than its term, and there: 1 clips, 9.8 KiB\n"),
                             HasSubstr("older than its term, and being deleted: 1 clips"),
                             HasSubstr("older than its term, and held: 1 clips"),
                             HasSubstr("footage older than its term was there; next: ")));
}

TEST_F(StatementTest, WhatIsHeldMayBeThere) {
  RecordTooOld(minutes(5));
  Hold();
  StateAndSeal();
  const Said said = Show();
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("2027-06-15, from 2027-06-15T00:00:00+09:00 to "
                                        "2027-06-16T00:00:00+09:00, counted at "),
                              HasSubstr("older than its term, and held: 1 clips"),
                              HasSubstr("nothing older than its term was there but what is held"),
                              HasSubstr("signed by the seals in "),
                              HasSubstr("by the terms up to version 1\n")));
}

TEST_F(StatementTest, ATermThatBeginsAtTheDaysEndMakesNothingTooOldInIt) {
  Record(midnight_ - hours(24 * 20), 1);
  SetTerm(8);
  EXPECT_TRUE(Round());
  EXPECT_EQ(Stated("left"), "0");
}

TEST_F(StatementTest, WhatALongerTermHasSavedIsNotTooOld) {
  RecordTooOld(minutes(1));
  SetTerm(60);
  EXPECT_TRUE(Round());
  EXPECT_EQ(Stated("left"), "0");
}

TEST_F(StatementTest, SeesProofsThatWereChangedAfterIt) {
  RecordTooOld(minutes(5));
  Delete(midnight_ - hours(3), true);
  RecordTooOld(minutes(9));
  Delete(midnight_, true);  // of the next day
  StateAndSeal();
  EXPECT_THAT(Done({"retention", "statement", "2027-06-15"}),
              AllOf(HasSubstr("deleted in the day: 1 clips, 9.8 KiB for age, 0 clips"),
                    HasSubstr("are those that were counted")));
  Tamper("CREATE TABLE as_counted AS TABLE clip_deletion");
  for (const std::string change :
       {"run_id = gen_random_uuid()", "sequence = 5", "camera_id = gen_random_uuid()",
        "unit_id = gen_random_uuid()", "floor_id = gen_random_uuid()",
        "start_at = start_at - interval '1 microsecond'",
        "end_at = end_at + interval '1 microsecond'", "bytes = bytes + 1",
        "sha256 = sha256('other')", "deleted_at = deleted_at + interval '1 microsecond'",
        "rule = 'space'", "store_id = gen_random_uuid()", "plan_id = gen_random_uuid()",
        "planned_at = planned_at - interval '1 microsecond'", "rule_version = 7"}) {
    Tamper("UPDATE clip_deletion SET " + change +
           " WHERE deleted_at < '2027-06-16T00:00:00+09:00'");
    EXPECT_THAT(Fails(), AllOf(HasSubstr("are not those that were counted"),
                               HasSubstr("signed by the seals in ")))  // the log is as it was
        << change;
    Tamper("DELETE FROM clip_deletion; INSERT INTO clip_deletion TABLE as_counted");
    EXPECT_EQ(Show().code, 0) << change;
  }
}

TEST_F(StatementTest, IsSignedByASealAtItOrBehindIt) {
  EXPECT_TRUE(Round());
  EXPECT_THAT(Fails(), HasSubstr("no seal in "));
  Seal();
  EXPECT_EQ(Show().code, 0);
  EXPECT_THAT(Done({"retention", "statement", "2027-06-15", "--json"}),
              AllOf(HasSubstr("\"signed\":true"), HasSubstr("\"writer\":\"yagura_keep\"")));
  clock_.Advance(hours(24));
  Record(clock_.Now() - minutes(25), 0);
  Record(clock_.Now() - minutes(85), 0);
  StateAndSeal();
  EXPECT_EQ(Show().code, 0);
  Tamper(
      "UPDATE audit_record SET body = replace(body, '\"version\":1', '\"version\":2') WHERE "
      "counter = 1 AND writer = 'yagura_keep'");
  EXPECT_THAT(Fails(), HasSubstr("the log is not what was signed; next: yagura audit check"));
}

TEST_F(StatementTest, StatesNothingWhileTheClockMayBeWrong) {
  clock_.StepWall(hours(24 * 20));
  EXPECT_FALSE(Round());
}

TEST_F(StatementTest, NamesTheNextStepWhereNothingWasStated) {
  EXPECT_THAT(
      Refused({"retention", "statement", "2027-06-01"}),
      AllOf(HasSubstr("nothing was stated of the day \"2027-06-01\""), HasSubstr("next: ")));
}

}  // namespace
}  // namespace yagura::app
