#include "storage/catalogue_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <pqxx/pqxx>
#include <sstream>
#include <thread>

#include "storage/clip_queries_pg.h"
#include "storage/files_posix.h"
#include "tests/storage/catalogue_office.h"
#include "tests/storage/commit_eater_posix.h"
#include "tests/support/fake_clock.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool Eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

/// How often the answer to a commit is lost: YAGURA_COMMITS_LOST, or seldom.
int CommitsToLose() {
  const char* const text = std::getenv("YAGURA_COMMITS_LOST");
  return text == nullptr ? 20 : std::atoi(text);
}

/// A journal, a catalogue, and a committer between them.
class CatalogueTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    ASSERT_EQ(office_.Insert(*database_), "");
    auto journal = Journal::Open(files_, {.folder = folder_.path().string() + "/journal"});
    ASSERT_TRUE(journal.has_value()) << ToString(journal.error());
    journal_ = *std::move(journal);
    committer_ = NewCommitter();
  }
  [[nodiscard]] std::string SetAsidePath() const {
    return (folder_.path() / "set-aside.jsonl").string();
  }
  std::unique_ptr<CatalogueCommitter> NewCommitter() {
    return NewCommitter(database_->As("yagura_record"));
  }
  std::unique_ptr<CatalogueCommitter> NewCommitter(pg::Pool& pool) {
    CatalogueCommitter::Options options{.days = CatalogueOffice::Days(),
                                        .volumes = {},
                                        .set_aside_path = SetAsidePath(),
                                        .interval = std::chrono::milliseconds(20)};
    options.volumes = {{.id = office_.volume, .path = "/volume", .limit_bytes = 1'000'000}};
    return std::make_unique<CatalogueCommitter>(*journal_, pool, files_, clock_, options);
  }
  void Record(const std::vector<JournalRecord>& records) {
    journal_->Append(records);
    ASSERT_TRUE(journal_->Sync());
  }
  [[nodiscard]] std::string CountRows() {
    return Ask(
        "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM clip), (SELECT count(*) FROM "
        "gap)");
  }
  /// Everything in the catalogue, as text.
  [[nodiscard]] std::string AllRows() {
    return Ask(
        "SELECT r::text FROM run r UNION ALL SELECT c::text FROM clip c UNION ALL SELECT g::text"
        " FROM gap g UNION ALL SELECT v::text FROM volume v ORDER BY 1");
  }
  [[nodiscard]] std::vector<ClipRow> Clips() {
    const ClipSearch search{.camera = office_.camera,
                            .floor = std::nullopt,
                            .range = {office_.start - minutes(60), office_.start + minutes(600)},
                            .after = std::nullopt};
    return database_->As("yagura_record")
        .ReadFor<std::vector<ClipRow>>([&](pqxx::transaction_base& transaction) {
          return Result<std::vector<ClipRow>>(ClipsOverlapping(transaction, search));
        })
        .value();
  }

  CatalogueOffice office_;
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  PosixFiles files_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<CatalogueCommitter> committer_;
};

/// With a cluster of each test's own, which it may stop.
class CatalogueOutageTest : public CatalogueTest {
 protected:
  static void SetUpTestSuite() {}
  Result<std::unique_ptr<testing::MigratedPostgres>> NewDatabase() override {
    return testing::MigratedPostgres::Create();
  }
};

TEST_F(CatalogueTest, KeepsAllThatTheJournalSaysOfAClip) {
  const RunOpened run = office_.Run();
  ClipClosed plain = office_.Clip(run, 0);
  ClipClosed odd = office_.Clip(run, 1);
  odd.opened.lead_in = KeyframeReference{.clip = plain.opened.clip, .offset_bytes = 5000};
  odd.opened.clock = ClockState::kRepeated;
  odd.trailer_offset.reset();
  odd.keyframes.clear();
  odd.ended_by = ClipEnd::kCondemned;
  Record({run, plain.opened, plain, odd.opened, odd, Alive{.at = clock_.Now()}});
  EXPECT_EQ(committer_->CommitOnce(), 6U);
  EXPECT_THAT(Clips(), ElementsAre(RowOf(plain), RowOf(odd)));
  EXPECT_EQ(committer_->CommitOnce(), 0U);
}

TEST_F(CatalogueTest, KeepsWhatTheJournalSaysOfClocksAndLosses) {
  const WallTime now = office_.start;
  const std::vector<JournalRecord> records{
      ClockStepped{NewId<ClockStepId>(), now, now - minutes(1)},
      CameraClockNoted{office_.camera, now, milliseconds(-1'500), -20'000},
      CameraClockNoted{office_.camera, now + minutes(1), milliseconds(7), std::nullopt},
      ReceptionNoted{office_.camera, now, now + minutes(10), 5, 4, 3}};
  Record(records);
  EXPECT_EQ(committer_->CommitOnce(), 4U);
  Record(records);
  EXPECT_EQ(committer_->CommitOnce(), 4U) << "once more: nothing new";
  EXPECT_EQ(Ask("SELECT before_at - after_at FROM clock_step"), "00:01:00");
  EXPECT_EQ(Ask("SELECT offset_us, drift_ppb FROM camera_clock ORDER BY at"),
            "-1500000|-20000\n7000|");
  EXPECT_EQ(Ask("SELECT to_at - from_at, packets_lost, frames_damaged, fragments_dropped"
                " FROM reception"),
            "00:10:00|5|4|3");
}

/// With a clip each in three frames, the second of which the disk has changed.
TEST_F(CatalogueTest, GoesOnBehindADamageOfTheJournalAndSaysSo) {
  const RunOpened run = office_.Run();
  for (std::uint32_t sequence = 0; sequence < 3; ++sequence) {
    Record({run, office_.Clip(run, sequence)});
  }
  const std::string path = folder_.path().string() + "/journal/0000000000000001.log";
  std::string bytes = (std::ostringstream() << std::ifstream(path).rdbuf()).str();
  bytes[bytes.find(ToString(run.run) + ".1")] ^= 1;
  std::ofstream(path) << bytes;
  EXPECT_EQ(committer_->CommitOnce(), 2U);
  EXPECT_GT(committer_->CommitOnce().value_or(0), 0U);
  EXPECT_FALSE(committer_->GetStatus().caught_up_at.has_value());
  EXPECT_EQ(committer_->CommitOnce(), 2U);
  EXPECT_EQ(committer_->CommitOnce(), 0U);
  EXPECT_THAT(Clips(), ElementsAre(RowOf(office_.Clip(run, 0)), RowOf(office_.Clip(run, 2))));
  EXPECT_EQ(committer_->GetStatus().damages, 1U);
}

TEST_F(CatalogueTest, KeepsAllThatTheJournalSaysOfARun) {
  const RunOpened run = office_.Run();
  RunRow expected = RowOf(run);
  const auto stored = [&] {
    return database_->As("yagura_record")
        .ReadFor<std::optional<RunRow>>([&](pqxx::transaction_base& transaction) {
          return Result<std::optional<RunRow>>(FindRun(transaction, run.run));
        })
        .value();
  };
  Record({run});
  ASSERT_TRUE(committer_->CommitOnce().has_value());
  EXPECT_EQ(stored(), expected);
  EXPECT_EQ(expected.codec, "avc1.4d401f");
  expected.end = office_.start + minutes(3);
  expected.media_end = MediaTime{77};
  Record({RunEnded{.run = run.run, .media_end = *expected.media_end, .wall_end = *expected.end}});
  ASSERT_TRUE(committer_->CommitOnce().has_value());
  EXPECT_EQ(stored(), expected);
}

TEST_F(CatalogueTest, StoresEachRowOnceHoweverOftenTheJournalIsRead) {
  const RunOpened run = office_.Run();
  const GapOpened ended = office_.Gap(office_.start, office_.second_camera);
  const GapOpened none_after_all = office_.Gap(office_.start, office_.second_camera);
  Record(office_.RunWithClips(run, 5));
  Record({RunEnded{.run = run.run, .media_end = {}, .wall_end = office_.start + minutes(5)}});
  Record({ended, none_after_all, office_.Gap(office_.start + minutes(5), office_.camera)});
  Record({GapEnded{.gap = ended.gap, .to = office_.start + minutes(9)},
          GapEnded{.gap = none_after_all.gap, .to = none_after_all.from}});
  ASSERT_TRUE(committer_->CommitOnce().has_value());
  const std::string once = AllRows();
  EXPECT_EQ(CountRows(), "1|5|3");
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(NewCommitter()->CommitOnce(), 12U);
    EXPECT_EQ(AllRows(), once);
    EXPECT_EQ(SetAsideFile(files_, SetAsidePath()).Count(), 0U);
  }
}

TEST_F(CatalogueTest, ReadsOnFromItsCheckpoint) {
  Record(office_.RunWithClips(office_.Run(), 5));
  ASSERT_EQ(committer_->CommitOnce(), 6U);
  clock_.Advance(minutes(1));
  ASSERT_EQ(committer_->CommitOnce(), 0U);
  EXPECT_EQ(NewCommitter()->CommitOnce(), 0U);
}

TEST_F(CatalogueTest, MakesThePartitionsThatRowsNeed) {
  const RunOpened late =
      office_.Run(ParseRfc3339("2027-06-15T23:59:30+09:00").value(), office_.camera);
  Record(office_.RunWithClips(late, 2));
  ASSERT_TRUE(committer_->CommitOnce().has_value());
  EXPECT_EQ(Ask("SELECT tableoid::regclass, count(*) FROM clip GROUP BY 1 ORDER BY 1"),
            "clip_20270615|1\nclip_20270616|1");
}

TEST_F(CatalogueTest, RegistersItsVolumes) {
  ASSERT_TRUE(committer_->CommitOnce().has_value());
  EXPECT_EQ(Ask("SELECT path, limit_bytes, stored_bytes FROM volume"), "/volume|1000000|0");
  Record(office_.RunWithClips(office_.Run(), 3));
  ASSERT_TRUE(committer_->CommitOnce().has_value());
  EXPECT_EQ(Ask("SELECT stored_bytes FROM volume"), "30000");
}

TEST_F(CatalogueTest, DoesNotBringBackAClipWhoseDeletionIsProved) {
  Record(office_.RunWithClips(office_.Run(), 2));
  ASSERT_TRUE(committer_->CommitOnce().has_value());
  EXPECT_EQ("", Ask("INSERT INTO clip_deletion SELECT run_id, sequence, camera_id, unit_id, "
                    "floor_id, start_at, "
                    "end_at, bytes, sha256, now(), 'age'"
                    " FROM clip WHERE sequence = 0; DELETE FROM clip WHERE sequence = 0"));
  EXPECT_EQ(NewCommitter()->CommitOnce(), 3U);
  EXPECT_EQ(Ask("SELECT sequence FROM clip"), "1");
}

TEST_F(CatalogueTest, SetsARefusedRecordAsideAndGoesOn) {
  const RunOpened run = office_.Run();
  std::vector<JournalRecord> records = office_.RunWithClips(run, 3);
  auto& bad = std::get<ClipClosed>(records[2]);
  bad.wall_end = bad.opened.wall_start + minutes(10);  // longer than any clip
  Record(records);
  EXPECT_EQ(committer_->CommitOnce(), 4U);
  EXPECT_EQ(Ask("SELECT sequence FROM clip ORDER BY 1"), "0\n2");
  EXPECT_EQ(committer_->GetStatus().records_set_aside, 1U);

  const std::string line = testing::TailOf(SetAsidePath());
  EXPECT_THAT(line, HasSubstr(ToJson(records[2]).Dump()));
  EXPECT_THAT(line, HasSubstr("sqlstate 23514"));
  ASSERT_EQ(NewCommitter()->CommitOnce(), 4U);
  EXPECT_EQ(testing::TailOf(SetAsidePath()), line);  // once
}

TEST_F(CatalogueTest, SetsEverythingOfAnUnknownCameraAside) {
  const RunOpened stranger = office_.Run(office_.start, NewId<CameraId>());
  Record(office_.RunWithClips(stranger, 1));
  Record(office_.RunWithClips(office_.Run(), 1));
  EXPECT_EQ(committer_->CommitOnce(), 4U);
  EXPECT_EQ(CountRows(), "1|1|0");
  EXPECT_EQ(SetAsideFile(files_, SetAsidePath()).Count(), 2U);
}

TEST_F(CatalogueTest, BlamesNoRecordForARightThatIsMissing) {
  EXPECT_EQ("", Ask("REVOKE INSERT ON clip FROM yagura_record"));
  Record(office_.RunWithClips(office_.Run(), 2));
  const auto refused = committer_->CommitOnce();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(SetAsideFile(files_, SetAsidePath()).Count(), 0U);
  EXPECT_EQ("", Ask("GRANT INSERT ON clip TO yagura_record"));
  EXPECT_EQ(committer_->CommitOnce(), 3U);
  EXPECT_EQ(CountRows(), "1|2|0");
}

TEST_F(CatalogueOutageTest, WaitsInTheJournalWhilePostgresIsAway) {
  ASSERT_TRUE(database_->cluster().Stop());
  for (int i = 0; i < 5; ++i) {
    Record(office_.RunWithClips(office_.Run(office_.start + minutes(i), office_.camera), 1));
    const auto refused = committer_->CommitOnce();
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), ErrorCode::kUnavailable);
  }
  EXPECT_TRUE(committer_->GetStatus().last_error.has_value());
  ASSERT_TRUE(database_->cluster().Start());
  EXPECT_EQ(committer_->CommitOnce(), 10U);
  EXPECT_EQ(CountRows(), "5|5|0");
  EXPECT_FALSE(committer_->GetStatus().last_error.has_value());
}

TEST_F(CatalogueOutageTest, StoresABatchOnceThatWasCutByTheServersDeath) {
  Record(office_.RunWithClips(office_.Run(), 50));
  // Someone holds the table, so that the batch is under way when the server dies.
  const auto held =
      database_->As("postgres").Run([&](pqxx::transaction_base& transaction) -> Result<void> {
        transaction.exec("LOCK TABLE clip IN EXCLUSIVE MODE");
        Result<std::size_t> outcome = 0U;
        std::thread committing([&] { outcome = committer_->CommitOnce(); });
        EXPECT_TRUE(Eventually(
            [&] { return !transaction.exec("SELECT FROM pg_locks WHERE NOT granted").empty(); }));
        database_->cluster().Kill();
        committing.join();
        EXPECT_FALSE(outcome.has_value());
        return {};
      });
  EXPECT_FALSE(held.has_value());
  ASSERT_TRUE(database_->cluster().Start());
  EXPECT_EQ(committer_->CommitOnce(), 51U);
  EXPECT_EQ(CountRows(), "1|50|0");
}

TEST_F(CatalogueTest, StoresABatchOnceWhoseCommitWasNeverConfirmed) {
  CommitEater eater(database_->cluster().host());
  pg::ConnectOptions options = database_->ConnectAs("yagura_record");
  options.host = eater.host();
  pg::Pool pool(options, 1);
  committer_ = NewCommitter(pool);
  ASSERT_EQ(committer_->CommitOnce(), 0U);  // volumes are known
  const int times = CommitsToLose();
  for (int i = 0; i < times; ++i) {
    Record(office_.RunWithClips(office_.Run(office_.start + minutes(i), office_.camera), 2));
    eater.SetHungry(true);
    const auto unknown = committer_->CommitOnce();
    ASSERT_FALSE(unknown.has_value());
    EXPECT_EQ(unknown.error().code(), ErrorCode::kUnavailable);
    eater.SetHungry(false);
    ASSERT_EQ(committer_->CommitOnce(), 3U);
  }
  EXPECT_EQ(eater.eaten(), times);
  EXPECT_EQ(SetAsideFile(files_, SetAsidePath()).Count(), 0U);
  EXPECT_EQ(CountRows(), std::to_string(times) + "|" + std::to_string(2 * times) + "|0");
}

TEST_F(CatalogueTest, FollowsTheJournalByItself) {
  committer_->Start();
  Record(office_.RunWithClips(office_.Run(), 2));
  EXPECT_TRUE(Eventually([&] { return CountRows() == "1|2|0"; }));
  Record(office_.RunWithClips(office_.Run(office_.start, office_.second_camera), 2));
  committer_->Stop();
  EXPECT_EQ(CountRows(), "2|4|0");
  EXPECT_EQ(NewCommitter()->CommitOnce(), 0U);  // its checkpoint is up to date
}

}  // namespace
}  // namespace yagura::storage
