#include "storage/rebuild_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "storage/catalogue_insert_pg.h"
#include "storage/volume.h"
#include "tests/storage/recording_rig.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::storage {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using testing::FakeStream;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kMorning;
using testing::kSecond;
using testing::MemoryFiles;
using testing::OwnedBy;
using testing::RecordingRig;
using testing::TestId;

constexpr const char* kJournal = "/state/journal";
constexpr const char* kNoJournal = "/nowhere";

constexpr const char* kClipRows = "SELECT c::text FROM clip AS c ORDER BY 1";
constexpr const char* kRunRows = "SELECT r::text FROM run AS r ORDER BY 1";
constexpr const char* kGapRows =
    "SELECT g::text FROM gap AS g WHERE start_at IS DISTINCT FROM end_at ORDER BY 1";
constexpr const char* kVolumeRows = "SELECT v::text FROM volume AS v";

/// What a recorder in memory wrote, and the catalogue of it.
class RebuildTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    EXPECT_EQ("", Ask("INSERT INTO site VALUES (gen_random_uuid(), 'S', 'Site');"
                      "INSERT INTO building SELECT gen_random_uuid(), id, 'B', 'B' FROM site"));
    for (std::uint8_t n = 1; n <= 2; ++n) {
      const std::string number = std::to_string(n);
      EXPECT_EQ("", Ask("INSERT INTO floor SELECT '" + ToString(TestId<FloorId>(n)) + "', id, 'F" +
                        number +
                        "', 'F', 1 FROM building; INSERT INTO unit (id, "
                        "code, name) VALUES ('" +
                        ToString(TestId<UnitId>(n)) + "', 'U" + number +
                        "', 'U'); INSERT INTO camera VALUES ('" + ToString(TestId<CameraId>(n)) +
                        "', 'C" + number + "', 'C')"));
    }
  }

  /// As the committer would have it: everything that the rig's journal ever said.
  void StoreAllOf(RecordingRig& rig) {
    std::vector<JournalRecord> records;
    for (const auto& [id, run] : rig.catalogue().runs()) records.emplace_back(run);
    for (const auto& [id, clip] : rig.catalogue().clips()) records.emplace_back(clip);
    for (const auto& [id, run] : rig.catalogue().ended_runs()) records.emplace_back(run);
    for (const auto& gap : rig.catalogue().gaps()) {
      records.emplace_back(gap.opened);
      if (gap.to) records.emplace_back(GapEnded{gap.opened.gap, *gap.to});
    }
    const auto stored = database_->As("yagura_record")
                            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                              AddVolumes(transaction, Volumes(rig));
                              InsertRecords(transaction, records, Days());
                              return {};
                            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  void LoseCatalogue() {
    EXPECT_EQ("", Ask("TRUNCATE run, clip, gap, clip_deletion, volume CASCADE"));
  }

  RebuildReport Rebuild(RecordingRig& rig, const char* journal, std::size_t records_max = 500) {
    CatalogueRebuild rebuild(database_->As("yagura_record"), rig.files(), rig.clock(),
                             {.days = Days(),
                              .volumes = Volumes(rig),
                              .journal_folder = journal,
                              .records_max = records_max,
                              .on_folder = {}});
    const auto report = rebuild.Run();
    EXPECT_TRUE(report.has_value()) << ToString(report.error());
    return report.value_or(RebuildReport());
  }
  [[nodiscard]] static OfficeDays Days() {
    return {.calendar = OfficeCalendar::Load("Asia/Tokyo").value(), .zone = "Asia/Tokyo"};
  }
  [[nodiscard]] static std::vector<VolumeRegistration> Volumes(RecordingRig& rig) {
    const auto volume = Volume::Open(rig.files(), {.root = "/volume1"});
    return {{.id = (*volume)->id(), .path = "/volume1", .limit_bytes = 1'000'000}};
  }
  [[nodiscard]] std::vector<std::string> Rows() {
    return {Ask(kRunRows), Ask(kClipRows), Ask(kGapRows), Ask(kVolumeRows)};
  }
  [[nodiscard]] std::vector<std::string> RowsOfFiles() {
    return {Ask(kRunRows), Ask(kClipRows), Ask(kVolumeRows)};
  }
  /// The path of the `number`-th clip file, by name.
  [[nodiscard]] static std::string PathOfClip(RecordingRig& rig, std::size_t number) {
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : rig.files().Contents()) {
      if (path.ends_with(".mp4")) paths.push_back(path);
    }
    return paths.at(number);
  }
};

/// Three minutes of two cameras with a gap, a change of owner, and another stretch.
void RecordAWhile(RecordingRig& rig) {
  rig.Start();
  rig.Run(70);
  rig.SetOwners({OwnedBy(1), OwnedBy(2, kMorning + 75 * kSecond)});
  rig.Run(60);
  rig.Interrupt(1, GapReason::kCameraSilent);
  rig.Reconnect(1, 3);
  rig.Run(50);
}

TEST_F(RebuildTest, TellsEveryRowAgainFromFilesAndJournal) {
  RecordingRig rig;
  RecordAWhile(rig);
  rig.Stop();
  StoreAllOf(rig);
  const auto before = Rows();
  LoseCatalogue();
  const RebuildReport report = Rebuild(rig, kJournal);
  EXPECT_EQ(Rows(), before);
  EXPECT_EQ(report.told, rig.catalogue().clips().size());
  EXPECT_GE(report.told, 8U);
  EXPECT_THAT(report.problems, IsEmpty());
}

TEST_F(RebuildTest, TellsRunsAndClipsFromFilesAlone) {
  RecordingRig rig({.fps = 10, .gop = 20, .b_frames = true});
  RecordAWhile(rig);
  rig.Stop();
  StoreAllOf(rig);
  const auto before = RowsOfFiles();
  LoseCatalogue();
  EXPECT_THAT(Rebuild(rig, kNoJournal).problems, IsEmpty());
  EXPECT_EQ(RowsOfFiles(), before);
  EXPECT_EQ(Ask(kGapRows), "") << "why there is nothing, only the journal knows";
}

TEST_F(RebuildTest, TellsWhatACrashLeftAsTheRecoveryDid) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    LoseCatalogue();
    RecordingRig rig;
    rig.Start();
    rig.Run(60 + static_cast<int>(seed) * 3);
    if (seed % 2 == 0) {
      rig.Kill(3);
    } else {
      rig.CutPower(3, MemoryFiles::Loss::kRandom, seed);
    }
    rig.Start();
    rig.Run(65);
    rig.Stop();
    StoreAllOf(rig);
    const auto before = RowsOfFiles();
    LoseCatalogue();
    EXPECT_THAT(Rebuild(rig, kNoJournal).problems, IsEmpty());
    EXPECT_EQ(RowsOfFiles(), before) << "seed " << seed;
  }
}

TEST_F(RebuildTest, EndsACondemnedFileWhereTheNextOneTakesOver) {
  RecordingRig rig({.fps = 10, .gop = 20}, 1);
  rig.Start();
  rig.Run(30);
  bool failed = false;
  rig.files().SetFault([&](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (failed || call.what != "fdatasync" || !call.path.ends_with(".mp4")) return std::nullopt;
    failed = true;
    return ErrorCode::kUnavailable;
  });
  rig.Run(100);
  rig.Stop();
  StoreAllOf(rig);
  ASSERT_EQ(Ask("SELECT count(*) FROM clip WHERE ended_by = 'condemned'"), "1");
  const auto before = RowsOfFiles();
  LoseCatalogue();
  EXPECT_THAT(Rebuild(rig, kNoJournal).problems, IsEmpty());
  EXPECT_EQ(RowsOfFiles(), before);
}

TEST_F(RebuildTest, FindsWhereARunBeganTheDayBefore) {
  // Keyframes are 995 s apart: a clip is cut 5 s behind midnight, and the run goes on for
  // another 5.
  RecordingRig rig({.fps = 2, .gop = 1990}, 1);
  rig.Start();
  for (int i = 0; i < 25; ++i) {
    rig.clock().Advance(seconds(999));
    rig.Run(4);
  }
  rig.Run(160);
  rig.Run(160);
  rig.Stop();
  StoreAllOf(rig);
  ASSERT_EQ(Ask("SELECT count(DISTINCT (start_at AT TIME ZONE 'Asia/Tokyo')::date) FROM clip GROUP "
                "BY run_id ORDER BY 1 DESC LIMIT 1"),
            "2");
  const auto before = RowsOfFiles();
  LoseCatalogue();
  EXPECT_THAT(Rebuild(rig, kNoJournal).problems, IsEmpty());
  EXPECT_EQ(RowsOfFiles(), before);
}

TEST_F(RebuildTest, LeavesToARunningRecorderWhatItHasOpen) {
  RecordingRig rig;
  RecordAWhile(rig);
  const RebuildReport report = Rebuild(rig, kJournal);
  EXPECT_EQ(report.in_journal, 2U);
  EXPECT_EQ(Ask("SELECT count(*) FROM run WHERE end_at IS NULL"), "2");
  rig.Run(20);
  rig.Stop();
  StoreAllOf(rig);
  const auto beside = Rows();
  LoseCatalogue();
  StoreAllOf(rig);
  EXPECT_EQ(beside, Rows());
}

TEST_F(RebuildTest, GoesOnWhereItWasCutShortAndChangesNothingTheSecondTime) {
  RecordingRig rig;
  RecordAWhile(rig);
  rig.Stop();
  StoreAllOf(rig);
  const auto before = RowsOfFiles();
  EXPECT_EQ("", Ask("DELETE FROM clip WHERE sequence > 0; UPDATE run SET end_at = NULL, "
                    "media_end = NULL"));
  const std::string left = Ask("SELECT count(*) FROM clip");
  const RebuildReport again = Rebuild(rig, kNoJournal, 2);
  EXPECT_EQ(std::to_string(again.known), left);
  EXPECT_EQ(RowsOfFiles(), before);
  const RebuildReport third = Rebuild(rig, kNoJournal);
  EXPECT_EQ(third.told + third.ended, 0U);
  EXPECT_EQ(RowsOfFiles(), before);
}

/// An older backup: a run and a gap went on when it was made.
TEST_F(RebuildTest, EndsWhatAnOlderBackupHasOpen) {
  RecordingRig rig({.fps = 2, .gop = 4}, 1);
  rig.Start();
  rig.Run(30);
  rig.Interrupt(0, GapReason::kCameraSilent);
  rig.Reconnect(0, 20);
  rig.Run(5);
  StoreAllOf(rig);
  ASSERT_EQ(Ask("SELECT count(*) FROM gap WHERE end_at IS NULL"), "1");
  rig.Run(100);
  rig.Stop();
  EXPECT_GT(Rebuild(rig, kNoJournal).ended, 0U);
  EXPECT_EQ(Ask("SELECT count(*) FROM gap WHERE end_at IS NULL"), "0");
  EXPECT_EQ(Ask("SELECT count(*) FROM run WHERE end_at IS NULL"), "0");
  const std::string gap = Ask("SELECT end_at FROM gap");
  LoseCatalogue();
  StoreAllOf(rig);
  EXPECT_EQ(Ask("SELECT end_at FROM gap WHERE reason = 'camera_silent'"), gap);
}

TEST_F(RebuildTest, NamesEachFileThatItCannotTell) {
  RecordingRig rig;
  RecordAWhile(rig);
  rig.Stop();
  auto files = rig.files().Contents();
  const std::string damaged = PathOfClip(rig, 0);
  const std::string cut = PathOfClip(rig, 1);
  const std::string renamed = PathOfClip(rig, 2);
  files[damaged][files[damaged].size() / 2] ^= 1;
  rig.files().Put(damaged, files[damaged]);
  files[cut].resize(4110);
  rig.files().Put(cut, files[cut]);
  std::string other_name = renamed;
  other_name.replace(renamed.rfind('.') - 1, 1, "9");
  rig.files().Put(other_name, files[renamed]);
  rig.files().Put(FolderOf(cut) + "/notes.txt", {1});
  const std::size_t clips = rig.catalogue().clips().size();
  const RebuildReport report = Rebuild(rig, kNoJournal);
  EXPECT_THAT(report.problems,
              ::testing::UnorderedElementsAre(HasSubstr(damaged + ": damaged fragments: 1"),
                                              HasSubstr(cut + ": "),
                                              HasSubstr(other_name + ": says that it is "),
                                              HasSubstr("notes.txt: no clip's name")));
  EXPECT_EQ(Ask("SELECT count(*) FROM clip"), std::to_string(clips - 1));
}

TEST_F(RebuildTest, TellsNothingOfCamerasThatTheDatabaseDoesNotKnow) {
  RecordingRig rig({.fps = 2, .gop = 4}, 3);
  RecordAWhile(rig);
  rig.Stop();
  const RebuildReport report = Rebuild(rig, kJournal);
  EXPECT_THAT(report.problems,
              ElementsAre("the database knows no camera " + ToString(RecordingRig::IdOf(2)) +
                          ": 4 clips have no row"));
  EXPECT_EQ(Ask("SELECT count(DISTINCT camera_id) FROM clip"), "2");
}

TEST_F(RebuildTest, DoesNotBringBackWhatWasDeletedWithAProof) {
  RecordingRig rig;
  RecordAWhile(rig);
  rig.Stop();
  StoreAllOf(rig);
  EXPECT_EQ("", Ask("INSERT INTO clip_deletion SELECT run_id, sequence, camera_id, unit_id, "
                    "floor_id, start_at, end_at, bytes, sha256, now(), 'age' FROM clip WHERE "
                    "sequence = 0; DELETE FROM clip WHERE sequence = 0"));
  const std::string before = Ask(kClipRows);
  EXPECT_EQ(Rebuild(rig, kJournal).told, 0U);
  EXPECT_EQ(Ask(kClipRows), before);
}

}  // namespace
}  // namespace yagura::storage
