#include "storage/retention_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <future>
#include <pqxx/pqxx>

#include "storage/clip_path.h"
#include "storage/files_posix.h"
#include "storage/volume.h"
#include "tests/storage/catalogue_office.h"
#include "tests/support/fake_clock.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;

/// Real files, a file system as large as a test wants, and a hook before each step of a deletion:
/// where it says so, the step fails as if the process had ended there.
class StumblingFiles final : public Files {
 public:
  std::function<bool(std::string_view step)> stumbles = [](std::string_view) { return false; };
  std::uint64_t free_bytes = std::uint64_t{1} << 40;

  Result<std::unique_ptr<File>> Create(const std::string& path) override {
    return files_.Create(path);
  }
  Result<std::unique_ptr<File>> OpenToRead(const std::string& path) override {
    return files_.OpenToRead(path);
  }
  Result<std::unique_ptr<File>> OpenToWrite(const std::string& path) override {
    return files_.OpenToWrite(path);
  }
  Result<void> MakeFolder(const std::string& path) override { return files_.MakeFolder(path); }
  Result<void> SyncFolder(const std::string& path) override {
    if (stumbles("sync")) return Failure(ErrorCode::kUnavailable, "stumbled");
    return files_.SyncFolder(path);
  }
  Result<void> Rename(const std::string& from, const std::string& to) override {
    return files_.Rename(from, to);
  }
  Result<void> Unlink(const std::string& path) override {
    if (stumbles("unlink")) return Failure(ErrorCode::kUnavailable, "stumbled");
    free_bytes += 10'000;
    return files_.Unlink(path);
  }
  Result<std::vector<FolderEntry>> List(const std::string& folder) override {
    return files_.List(folder);
  }
  Result<WallTime> ModifiedAt(const std::string& path) override { return files_.ModifiedAt(path); }
  Result<Space> SpaceOf(const std::string&) override {
    return Space{.free_bytes = free_bytes, .total_bytes = free_bytes};
  }

 private:
  PosixFiles files_;
};

/// A volume with the files of some clips of a minute each, and their rows. The clock stands an hour
/// after the first one's start.
class RetentionPgTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    const auto volume = Volume::Format(files_, root());
    ASSERT_TRUE(volume.has_value()) << ToString(volume.error());
    office_.volume = *volume;
    ASSERT_EQ(office_.Insert(*database_, root()), "");
    run_ = office_.Run();
  }
  [[nodiscard]] std::string root() const { return folder_.path().string(); }
  [[nodiscard]] std::string PathOf(std::uint32_t sequence) const {
    return root() + "/" +
           ClipPath(CatalogueOffice::Days().calendar, office_.Clip(run_, sequence).opened);
  }
  void Store(std::uint32_t clips) {
    const auto days = CatalogueOffice::Days();
    const auto stored = database_->As("yagura_record")
                            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                              InsertRecords(transaction, office_.RunWithClips(run_, clips), days);
                              return {};
                            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
    for (std::uint32_t sequence = 0; sequence < clips; ++sequence) {
      fs::create_directories(fs::path(PathOf(sequence)).parent_path());
      std::ofstream(PathOf(sequence)) << "footage";
    }
  }
  /// A run of the second camera begins.
  void Record(WallTime at) {
    const auto stored =
        database_->As("yagura_record")
            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
              const std::vector<JournalRecord> begun{office_.Run(at, office_.second_camera)};
              InsertRecords(transaction, begun, CatalogueOffice::Days());
              return {};
            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  void KeepFor(microseconds keep, microseconds minimum, microseconds before_start = hours(1)) {
    const auto set =
        SetRetentionRule(database_->As("yagura_admin"), {.keep = keep, .minimum = minimum},
                         office_.start - before_start);
    ASSERT_TRUE(set.has_value()) << ToString(set.error());
  }
  void Limit(std::uint64_t bytes) {
    ASSERT_EQ("", Ask("UPDATE volume SET limit_bytes = " + std::to_string(bytes)));
  }
  Result<Retention::Outcome> Pass() {
    Retention retention(database_->As("yagura_keep"), files_, clock_,
                        {.calendar = CatalogueOffice::Days().calendar,
                         .reserve_bytes = 0,
                         .clips_per_step = 4,
                         .clock_state = [this] { return clock_state_; }});
    return retention.Pass();
  }
  /// Keeps [from, to) of the camera, counted from the start; gives the hold's id and what of the
  /// range was gone already.
  struct Held {
    std::string id;
    std::string gone;
  };
  static std::string HoldSql(const CatalogueOffice& office, const std::string& id,
                             microseconds from, microseconds to) {
    const auto text = [](const std::string& value) { return "'" + value + "'"; };
    return "SELECT hold_keep(" + text(id) + ", " + text(ToString(office.camera)) + ", " +
           text(ToString(office.unit)) + ", " + text(FormatRfc3339(office.start + from)) + ", " +
           text(FormatRfc3339(office.start + to)) + ", 'a theft', now() + interval '30 days', " +
           text(ToString(office.placer)) + ", ARRAY[gen_random_uuid()])";
  }
  Held Hold(microseconds from, microseconds to) {
    const std::string id = ToString(NewId<Id<struct HoldTag>>());
    return {id, Ask(HoldSql(office_, id, from, to))};
  }
  void Release(const Held& hold) {
    ASSERT_EQ("", Ask("UPDATE hold SET released_at = now(), released_by = '" +
                      ToString(office_.releaser) +
                      "', released_basis = ARRAY[gen_random_uuid()], release_reason = 'over' "
                      "WHERE id = '" +
                      hold.id + "'"));
  }
  /// Sequences that have a row, those with a proof of deletion, and those with a file.
  std::string State() {
    std::string files;
    for (std::uint32_t sequence = 0; sequence < 60; ++sequence) {
      if (fs::exists(PathOf(sequence)))
        files += (files.empty() ? "" : ",") + std::to_string(sequence);
    }
    return Ask("SELECT (SELECT string_agg(sequence::text, ',' ORDER BY sequence) FROM clip),"
               " (SELECT string_agg(sequence || rule, ',' ORDER BY sequence) FROM clip_deletion)") +
           "|" + files;
  }

  CatalogueOffice office_;
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{office_.start + hours(1)};
  StumblingFiles files_;
  RunOpened run_;
  ClockState clock_state_ = ClockState::kSynchronised;
};

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
  ASSERT_TRUE(
      SetRetentionRule(admin, {.keep = minutes(57), .minimum = {}}, clock_.Now()).has_value());
  ASSERT_TRUE(
      SetRetentionRule(admin, {.keep = minutes(1), .minimum = {}}, clock_.Now() + microseconds(1))
          .has_value());
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(Ask("SELECT count(*) FROM clip_deletion"), "3");
}

TEST_F(RetentionPgTest, RefusesARuleThatContradictsItself) {
  const auto refused = SetRetentionRule(database_->As("yagura_admin"),
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

// A hold takes each clip that it overlaps, if only by a microsecond, and no other.
TEST_F(RetentionPgTest, DeletesNothingThatIsHeldUntilItIsReleased) {
  Store(8);
  KeepFor(minutes(55), hours(0));
  const Held hold = Hold(minutes(2) - microseconds(1), minutes(3));
  EXPECT_EQ(hold.gone, "{}");
  EXPECT_EQ(Pass().value().deleted, 3U);
  EXPECT_EQ(State(), "1,2,5,6,7|0age,3age,4age|1,2,5,6,7");
  EXPECT_EQ(HeldOnVolumes(database_->As("yagura_keep")).value(),
            (std::vector<HeldClips>{{.volume = office_.volume, .clips = 2, .bytes = 20'000}}));
  Release(hold);
  EXPECT_EQ(Pass().value().deleted, 2U);
  EXPECT_EQ(State(), "5,6,7|0age,1age,2age,3age,4age|5,6,7");
  EXPECT_EQ(HeldOnVolumes(database_->As("yagura_keep")).value(), std::vector<HeldClips>{});
}

TEST_F(RetentionPgTest, KeepsWhatAnotherHoldStillHolds) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  const Held first = Hold(minutes(0), minutes(2));
  const Held second = Hold(minutes(1), minutes(3));
  Release(first);
  EXPECT_EQ(Pass().value().deleted, 1U);
  Release(second);
  EXPECT_EQ(Pass().value().deleted, 2U);
}

/// More clips than one plan shows are held at the old end of the volume.
TEST_F(RetentionPgTest, FindsWhatIsToGoBehindManyHeldClips) {
  Store(20);
  KeepFor(minutes(50), hours(0));
  (void)Hold(minutes(0), minutes(9));
  EXPECT_EQ(Pass().value().deleted, 1U);
  EXPECT_EQ(Ask("SELECT string_agg(sequence::text, ',') FROM clip_deletion"), "9");
}

TEST_F(RetentionPgTest, TakesTheOldestThatIsNotHeldWhereAVolumeIsNearlyFull) {
  Store(20);
  KeepFor(hours(100), hours(0));
  Limit(100'000);
  (void)Hold(minutes(0), minutes(5));
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(Ask("SELECT min(sequence), max(sequence) FROM clip_deletion"), "5|15");
}

TEST_F(RetentionPgTest, AVolumeOfHeldClipsAloneStopsRecording) {
  Store(20);
  KeepFor(hours(100), hours(0));
  Limit(100'000);
  (void)Hold(minutes(0), minutes(20));
  EXPECT_EQ(Pass().value().pressed, std::vector{office_.volume});
  EXPECT_EQ(Ask("SELECT count(*) FROM clip"), "20");
  EXPECT_EQ(FullVolumes(database_->As("yagura_record")).value(), std::vector{office_.volume});
}

TEST_F(RetentionPgTest, KeepsHeldClipsAlsoOfTheTimeInWhichTheCameraWasStaged) {
  Store(3);
  KeepFor(hours(24), hours(24));
  const std::string start = "'" + FormatRfc3339(office_.start) + "'::timestamptz";
  ASSERT_EQ("", Ask("INSERT INTO camera_state SELECT '" + ToString(office_.camera) + "', state, " +
                    start + " + one, " + start +
                    " + two FROM (VALUES ('staged', interval '0', interval '5 min'), "
                    "('in_service', '5 min', '2 days')) AS was (state, one, two)"));
  (void)Hold(minutes(1), minutes(2));
  ASSERT_TRUE(Pass().has_value());
  EXPECT_EQ(State(), "1|0staged,2staged|1");
}

/// The hold says what of it was marked, or proved deleted, before; and the rest is kept.
TEST_F(RetentionPgTest, AHoldSaysWhatWasGoneBefore) {
  Store(8);
  KeepFor(minutes(57), hours(0));
  ASSERT_TRUE(Pass().has_value());
  KeepFor(minutes(55), hours(0), minutes(59));
  files_.stumbles = [](std::string_view step) { return step == "unlink"; };
  EXPECT_EQ(Pass().value().not_deletable, 2U);
  const Held hold = Hold(minutes(1), minutes(8));
  EXPECT_EQ(hold.gone, R"({["2027-06-15 05:01:00+00","2027-06-15 05:05:00+00")})");
  files_.stumbles = [](std::string_view) { return false; };
  EXPECT_EQ(Pass().value().deleted, 2U);
  clock_.Advance(hours(1));
  Record(clock_.Now());
  EXPECT_EQ(Pass().value().deleted, 0U);
  EXPECT_EQ(State(), "5,6,7|0age,1age,2age,3age,4age|5,6,7");
}

/// Between the plan and its first step, and while that waits for the hold to be committed.
TEST_F(RetentionPgTest, AHoldThatIsBeingPlacedIsWaitedFor) {
  Store(3);
  KeepFor(minutes(10), hours(0));
  const std::string id = ToString(NewId<Id<struct HoldTag>>());
  std::future<Result<Retention::Outcome>> pass;
  const auto placed =
      database_->As("postgres").Run([&](pqxx::transaction_base& transaction) -> Result<void> {
        transaction.exec1(HoldSql(office_, id, minutes(1), minutes(2)));
        pass = std::async(std::launch::async, [this] { return Pass(); });
        while (transaction.exec1("SELECT count(*) FROM pg_locks WHERE NOT granted")[0].as<int>() ==
               0) {
          if (pass.wait_for(std::chrono::milliseconds(5)) == std::future_status::ready) break;
        }
        return {};
      });
  ASSERT_TRUE(placed.has_value()) << ToString(placed.error());
  EXPECT_EQ(pass.get().value().deleted, 2U);
  EXPECT_EQ(State(), "1|0age,2age|1");
}

TEST_F(RetentionPgTest, AHoldIsNeverDeleted) {
  (void)Hold(minutes(0), minutes(1));
  EXPECT_THAT(Ask("DELETE FROM hold"), ::testing::HasSubstr("never deleted"));
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
