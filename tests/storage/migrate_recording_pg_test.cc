#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "storage/catalogue_pg.h"
#include "storage/files_posix.h"
#include "storage/schema/migrate_pg.h"
#include "tests/storage/catalogue_office.h"
#include "tests/support/fake_clock.h"

namespace yagura::storage {
namespace {

using schema::Migration;
using std::chrono::minutes;

constexpr int kCatalogueVersion = 3;  // the first with clips

/// An installation of an earlier version, with what its recorder had written.
class Installation {
 public:
  Installation(testing::PostgresCluster& cluster, std::span<const Migration> schema)
      : cluster_(cluster) {
    Tell(
        "DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS crypto CASCADE; CREATE SCHEMA public "
        "AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC");
    const auto migrated = schema::Migrate(cluster_.ConnectAs("yagura_owner"), schema);
    EXPECT_TRUE(migrated.has_value()) << ToString(migrated.error());
    Tell(office_.InsertSql());
    Tell(kOldRows);
  }

  void Migrate() {
    const auto migrated = schema::Migrate(cluster_.ConnectAs("yagura_owner"));
    EXPECT_TRUE(migrated.has_value()) << ToString(migrated.error());
  }
  [[nodiscard]] std::string Ask(const std::string& sql) const {
    return cluster_.Execute(sql).value_or("error");
  }
  [[nodiscard]] const CatalogueOffice& office() const { return office_; }

  /// What was there before, in words that each version knows.
  [[nodiscard]] std::string OldRows() const {
    return Ask("SELECT run.codec, run.start_at, run.end_at, clip.sequence, clip.start_at, "
               "clip.end_at, bytes, sha256, clip.keyframes FROM clip JOIN run ON run.id = run_id "
               "WHERE run.codec = 'old' ORDER BY sequence") +
           Ask("SELECT start_at, end_at, reason FROM gap WHERE reason = 'camera_silent'") +
           Ask("SELECT sequence, bytes, rule FROM clip_deletion");
  }

 private:
  void Tell(const std::string& sql) {
    const auto told = cluster_.Execute(sql);
    EXPECT_TRUE(told.has_value()) << ToString(told.error());
  }

  /// By the statements of version 3.
  static constexpr char kOldRows[] = R"(
    SELECT ensure_clip_partitions('2027-06-13', '2027-06-16', 'Asia/Tokyo');
    INSERT INTO run SELECT gen_random_uuid(), camera.id, 'main', unit.id, floor.id, '2027-06-13T23:58:30+09:00',
                           '2027-06-14T00:01:30+09:00', 90000, 16290000, 'synchronised', 'old', 640, 480, sha256('init')
      FROM camera, unit, floor WHERE camera.code = '1F-01';
    INSERT INTO clip (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, start_at, end_at, media_start, media_end, bytes,
                      header_bytes, fragments_from, fragments_to, sha256, frames, keyframes, clock, ended_by)
      SELECT run.id, n, camera_id, stream, unit_id, floor_id, volume.id, start_at + n * interval '1 minute',
             start_at + (n + 1) * interval '1 minute', media_start,
             media_start + 5400000, 10000 + n, 700, 876, 9000, sha256('clip'), 900, '\xec060088271e', clock, 'rolled'
      FROM run, volume, generate_series(0, 2) AS n;
    INSERT INTO gap (id, camera_id, stream, unit_id, floor_id, start_at, end_at, reason)
      SELECT gen_random_uuid(), camera_id, stream, unit_id, floor_id, end_at, end_at + interval '1 hour', 'camera_silent' FROM run;
    INSERT INTO clip_deletion (run_id, sequence, camera_id, unit_id, floor_id, start_at, end_at, bytes, sha256, rule)
      SELECT run.id, 7, camera_id, unit_id, floor_id, start_at, end_at, 5, sha256('gone'), 'age' FROM run)";

  testing::PostgresCluster& cluster_;
  CatalogueOffice office_;
};

/// A recorder that goes on: its journal gets a clip every few milliseconds, and its committer
/// brings them into the catalogue.
class Recording {
 public:
  Recording(testing::PostgresCluster& cluster, const CatalogueOffice& office)
      : office_(office), pool_(cluster.ConnectAs("yagura_record"), 1) {
    journal_ = Journal::Open(files_, {.folder = folder_.path().string() + "/journal"}).value();
    committer_ = std::make_unique<CatalogueCommitter>(
        *journal_, pool_, files_, clock_,
        CatalogueCommitter::Options{
            .days = CatalogueOffice::Days(),
            .volumes = {{.id = office.volume, .path = "/volume", .limit_bytes = std::nullopt}},
            .set_aside_path = SetAsidePath(),
            .interval = std::chrono::milliseconds(5)});
    committer_->Start();
    feeding_ = std::thread([this] { Feed(); });
  }
  /// Ends it; gives the number of clips that it has recorded.
  std::size_t Stop() {
    stopping_ = true;
    feeding_.join();
    committer_->Stop();
    return clips_;
  }
  [[nodiscard]] std::size_t SetAside() {
    return SetAsideFile(files_, SetAsidePath()).Count().value_or(1);
  }

 private:
  [[nodiscard]] std::string SetAsidePath() const {
    return (folder_.path() / "set-aside.jsonl").string();
  }
  void Feed() {
    while (!stopping_) {
      const RunOpened run = office_.Run(office_.start + minutes(clips_), office_.second_camera);
      const std::vector<JournalRecord> records{run, office_.Clip(run, 0)};
      journal_->Append(records);
      EXPECT_TRUE(journal_->Sync().has_value());
      ++clips_;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  const CatalogueOffice office_;
  const testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  PosixFiles files_;
  pg::Pool pool_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<CatalogueCommitter> committer_;
  std::thread feeding_;
  std::atomic<bool> stopping_ = false;
  std::size_t clips_ = 0;
};

TEST(MigrateWhileRecordingTest, FromEveryEarlierVersionNoRowIsLost) {
  auto cluster = testing::PostgresCluster::Create();
  ASSERT_TRUE(cluster.has_value()) << ToString(cluster.error());
  const std::span<const Migration> all = schema::Migrations();
  for (std::size_t count = 1; count < all.size(); ++count) {
    if (all[count - 1].version < kCatalogueVersion) continue;
    SCOPED_TRACE(all[count - 1].name);
    Installation installation(**cluster, all.first(count));
    const std::string before = installation.OldRows();
    EXPECT_THAT(before, ::testing::HasSubstr("camera_silent"));
    Recording recording(**cluster, installation.office());
    installation.Migrate();
    const std::size_t clips = recording.Stop();
    EXPECT_EQ(recording.SetAside(), 0U);
    EXPECT_GT(clips, 0U);
    EXPECT_EQ(installation.OldRows(), before);
    EXPECT_EQ(installation.Ask("SELECT count(*), (SELECT stored_clips FROM volume) FROM clip"),
              std::to_string(clips + 3) + "|" + std::to_string(clips + 3) + "\n");
  }
}

}  // namespace
}  // namespace yagura::storage
