#include <gmock/gmock.h>

#include "tests/storage/retention_fixture.h"

namespace yagura::storage {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;

// The camera was staged for the first five minutes, and is in service from the 90th on.
TEST_F(RetentionPgTest, DeletesWhatWasRecordedWhileStagedOnceTheCameraIsInService) {
  Store(8);
  KeepFor(hours(24), hours(24));
  const std::string start = "'" + FormatRfc3339(office_.start) + "'::timestamptz";
  ASSERT_EQ("", Ask("INSERT INTO camera_state SELECT '" + ToString(office_.camera) + "', state, " +
                    start + " + one, " + start +
                    " + two FROM (VALUES "
                    "('staged', interval '0', interval '5 min'), "
                    "('in_service', '90 min', '2 days')) AS was (state, one, two)"));
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(State(), "0,1,2,3,4,5,6,7||0,1,2,3,4,5,6,7");
  clock_.Advance(minutes(30));
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(State(), "5,6,7|0staged,1staged,2staged,3staged,4staged|5,6,7");
}

TEST_F(RetentionPgTest, DeletesByAge) {
  Store(8);
  KeepFor(minutes(55), hours(0));
  const auto outcome = Pass();
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_EQ(outcome->deleted, 5U);
  EXPECT_EQ(outcome->deleted_bytes, 50'000U);
  EXPECT_EQ(State(), "5,6,7|0age,1age,2age,3age,4age|5,6,7");
  EXPECT_EQ(Ask("SELECT stored_bytes FROM volume"), "30000");
}

TEST_F(RetentionPgTest, DeletesNothingByAgeWithAClockAMonthAhead) {
  Store(8);
  KeepFor(hours(24 * 30), hours(0));
  clock_.Advance(hours(24 * 31));
  const auto outcome = Pass();
  ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
  EXPECT_TRUE(outcome->clock_in_doubt);
  EXPECT_EQ(outcome->deleted, 0U);
}

/// What the recorder writes with such a clock is no proof of it, until hours of it lie there.
TEST_F(RetentionPgTest, BelievesTheClockWhenItsHoursHaveSettled) {
  Store(8);
  KeepFor(hours(24 * 30), hours(0));
  clock_.Advance(hours(24 * 31));
  Record(clock_.Now());
  clock_.Advance(minutes(59));
  EXPECT_TRUE(Pass().value().clock_in_doubt);
  Record(clock_.Now());
  clock_.Advance(minutes(2));
  clock_state_ = ClockState::kUnsynchronised;
  EXPECT_TRUE(Pass().value().clock_in_doubt);
  clock_state_ = ClockState::kSynchronised;
  EXPECT_EQ(Pass().value().deleted, 8U);
  EXPECT_FALSE(Pass().value().clock_in_doubt);
}

TEST_F(RetentionPgTest, WithAClockInDoubtSpaceStillDecides) {
  Store(20);
  KeepFor(hours(24 * 30), hours(0));
  Limit(100'000);
  clock_.Advance(hours(24 * 31));
  EXPECT_EQ(Pass().value().deleted, 11U);
  EXPECT_EQ(Ask("SELECT min(sequence), (SELECT count(*) FROM clip_deletion WHERE rule = 'space') "
                "FROM clip"),
            "11|11");
}

TEST_F(RetentionPgTest, KeepsProofOfWhatWasDeleted) {
  Store(1);
  Record(clock_.Now());
  KeepFor(minutes(10), hours(0));
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(
      Ask("SELECT run_id, camera_id, unit_id, floor_id, bytes, deleted_at FROM clip_deletion"),
      ToString(run_.run) + "|" + ToString(office_.camera) + "|" + ToString(office_.unit) + "|" +
          ToString(office_.floor) + "|10000|2027-06-15 06:00:00+00");
}

TEST_F(RetentionPgTest, DeletesTheOldestWhereAVolumeIsNearlyFull) {
  Store(20);
  KeepFor(hours(100), hours(0));
  Limit(100'000);
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(Ask("SELECT min(sequence), count(*), (SELECT count(*) FROM clip_deletion WHERE rule = "
                "'space') FROM clip"),
            "11|9|11");
}

TEST_F(RetentionPgTest, DeletesTheOldestWhereTheFileSystemIsNearlyFull) {
  Store(20);
  KeepFor(hours(100), hours(0));
  files_.free_bytes = 4'000;
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(Ask("SELECT min(sequence) FROM clip"), "2");
}

TEST_F(RetentionPgTest, StopsRecordingWhereNothingMayGoUntilThereIsRoomAgain) {
  Store(20);
  KeepFor(hours(100), hours(2));
  Limit(100'000);
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(Ask("SELECT count(*) FROM clip"), "20");
  EXPECT_EQ(FullVolumes(database_->As("yagura_record")).value(), std::vector{office_.volume});
  Limit(1'000'000);
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(FullVolumes(database_->As("yagura_record")).value(), std::vector<VolumeId>{});
}

TEST_F(RetentionPgTest, TakesTheNewestRuleThatHasBegun) {
  Store(8);
  KeepFor(hours(100), hours(0));
  auto& admin = database_->As("yagura_admin");
  ASSERT_TRUE(SetOfficeTerm(admin, {.keep = minutes(57), .minimum = {}}, clock_.Now()).has_value());
  ASSERT_TRUE(
      SetOfficeTerm(admin, {.keep = minutes(1), .minimum = {}}, clock_.Now() + microseconds(1))
          .has_value());
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(Ask("SELECT count(*) FROM clip_deletion"), "3");
}

/// Many clips at the old end that are kept longer must not hide those behind them.
TEST_F(RetentionPgTest, TakesEachCamerasClipsByItsTerm) {
  Store(20);
  KeepFor(minutes(5), hours(0));
  auto& admin = database_->As("yagura_admin");
  ASSERT_TRUE(SetTerm(admin, {.version = 0,
                              .of = office_.camera,
                              .from = clock_.Now() - minutes(1),
                              .rule = RetentionRule{.keep = hours(100), .minimum = hours(1)},
                              .purpose = "stairs"})
                  .has_value());
  const RunOpened run = office_.Run(office_.start + minutes(30), office_.second_camera);
  const auto stored = database_->As("yagura_record").Run([&](auto& transaction) -> Result<void> {
    InsertRecords(transaction, office_.RunWithClips(run, 3), CatalogueOffice::Days());
    return {};
  });
  ASSERT_TRUE(stored.has_value());
  Limit(100'000);  // nor may they go for space
  EXPECT_EQ(Pass().value().deleted, 3U);
  EXPECT_EQ(Ask("SELECT count(*) FROM clip WHERE camera_id = '" + ToString(office_.camera) + "'"),
            "20");
  EXPECT_EQ(Ask("SELECT count(*), min(rule_version), count(DISTINCT plan_id), min(planned_at) FROM "
                "clip_deletion WHERE camera_id = '" +
                ToString(office_.second_camera) + "'"),
            "3|2|1|2027-06-15 06:00:00+00");
}

TEST_F(RetentionPgTest, RefusesARuleThatContradictsItself) {
  const auto refused = SetOfficeTerm(database_->As("yagura_admin"),
                                     {.keep = hours(1), .minimum = hours(2)}, clock_.Now());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(RetentionPgTest, GoesOnAfterACrashBetweenMarkAndUnlink) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  files_.stumbles = [](std::string_view step) { return step == "unlink"; };
  EXPECT_EQ(Pass().value().not_deletable, 3U);
  EXPECT_EQ(State(), "0,1,2||0,1,2");
  EXPECT_EQ(Ask("SELECT count(*) FROM clip WHERE expiring_since IS NOT NULL"), "3");
  files_.stumbles = [](std::string_view) { return false; };
  EXPECT_EQ(Pass().value().deleted, 3U);
  EXPECT_EQ(State(), "|0age,1age,2age|");
}

TEST_F(RetentionPgTest, GoesOnAfterACrashBetweenUnlinkAndSync) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  files_.stumbles = [](std::string_view step) { return step == "sync"; };
  EXPECT_EQ(Pass().value().not_deletable, 3U);
  EXPECT_EQ(State(), "0,1,2||");  // no proof before the folder is synced
  files_.stumbles = [](std::string_view) { return false; };
  EXPECT_EQ(Pass().value().deleted, 3U);
  EXPECT_EQ(State(), "|0age,1age,2age|");
}

TEST_F(RetentionPgTest, LeavesAVolumeAloneThatIsNotMounted) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  fs::rename(root() + "/volume", root() + "/elsewhere");
  EXPECT_EQ(Pass().value().deleted, 0U);
  EXPECT_EQ(State(), "0,1,2||0,1,2");
}

TEST_F(RetentionPgTest, ProvesNothingWhereTheVolumeVanishesMeanwhile) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  files_.stumbles = [this](std::string_view) {
    std::error_code none_twice;  // only the first call finds it
    fs::rename(root() + "/volume", root() + "/elsewhere", none_twice);
    fs::remove_all(root() + "/clips");
    return false;
  };
  EXPECT_EQ(Pass().value().deleted, 0U);
  EXPECT_EQ(State(), "0,1,2||");
}

TEST_F(RetentionPgTest, TakesAFileThatIsGoneAlreadyForDeleted) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  fs::remove(PathOf(1));
  EXPECT_EQ(Pass().value().deleted, 3U);
  EXPECT_EQ(State(), "|0age,1age,2age|");
}

class RetentionOutageTest : public RetentionPgTest {
 protected:
  static void SetUpTestSuite() {}
  Result<std::unique_ptr<testing::MigratedPostgres>> NewDatabase() override {
    return testing::MigratedPostgres::Create();
  }
};

TEST_F(RetentionOutageTest, GoesOnAfterACrashBetweenSyncAndProof) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  files_.stumbles = [this](std::string_view step) {
    if (step == "sync") database_->cluster().Kill();
    return false;
  };
  const auto cut = Pass();
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().code(), ErrorCode::kUnavailable);
  files_.stumbles = [](std::string_view) { return false; };
  ASSERT_TRUE(database_->cluster().Start());
  EXPECT_EQ(State(), "0,1,2||");
  EXPECT_EQ(Pass().value().deleted, 3U);
  EXPECT_EQ(State(), "|0age,1age,2age|");
}

}  // namespace
}  // namespace yagura::storage
