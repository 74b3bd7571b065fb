// What is recorded follows what is due, with a real recorder, relay and catalogue; cameras whose
// address can't be asked stand in for those that don't answer.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/recording.h"
#include "storage/files_posix.h"
#include "tests/storage/catalogue_model.h"
#include "tests/storage/catalogue_office.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/fake_clock.h"
#include "tests/support/migrated_postgres_fixture.h"

namespace yagura::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;

constexpr seconds kPatience{10};

class RecordingTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    ASSERT_EQ(office_.Insert(*database_), "");
    std::filesystem::create_directories(Path("volume"));
    ASSERT_TRUE(storage::Volume::Format(files_, Path("volume")).has_value());
    office_.start = clock_.Now();
    recorder_.emplace(storage::RecorderOptions{.state_folder = folder_.path().string(),
                                               .volumes = {{.root = Path("volume")}}},
                      files_, clock_, calendar_);
    ASSERT_TRUE(recorder_->Start().has_value());
    checks_.emplace("/bin/false", database_->As("yagura_record"));
    subs_.emplace(supervisor_, *recorder_, relay_, parking_, key_, clock_);
    recording_.emplace(supervisor_, *recorder_, relay_, parking_, *checks_, *subs_, key_,
                       database_->As("yagura_record"), clock_);
  }
  void TearDown() override {
    supervisor_.Stop();
    recorder_->Stop();
  }

  std::string Path(const char* name) const { return (folder_.path() / name).string(); }
  [[nodiscard]] WallTime At(int second) const { return office_.start + seconds(second); }
  /// Due as said, in seconds from the start.
  [[nodiscard]] fleet::RecordedCamera Camera(std::vector<std::pair<int, int>> due = {
                                                 {0, 100'000}}) const {
    fleet::RecordedCamera camera;
    camera.id = office_.camera;
    camera.url = "nowhere";
    camera.owners = {{.from = At(due.front().first), .unit = office_.unit, .floor = office_.floor}};
    for (const auto& [from, to] : due) camera.due.push_back({At(from), At(to)});
    return camera;
  }
  void Apply(const fleet::RecordedCamera& camera) { recording_->Apply({.cameras = {camera}}); }
  /// The worker that pulled it crashed.
  void Crash(CameraStream of) { recording_->NoteWorkerDeaths({{of, SIGSEGV}}); }
  /// The recorder's threads have their time until the gaps are these.
  void ExpectGaps(const std::vector<std::string>& expected, Stream stream = Stream::kMain) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (Gaps(stream) != expected && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(Gaps(stream), expected);
  }
  /// "camera_unreachable 0-10" of the stream, in the order in which they began; "..." is open.
  std::vector<std::string> Gaps(Stream stream) {
    testing::CatalogueModel catalogue;
    catalogue.ReadFrom(recorder_->journal());
    std::vector<testing::CatalogueModel::Gap> gaps = catalogue.gaps();
    std::erase_if(gaps, [&](const auto& gap) { return gap.opened.stream != stream; });
    std::ranges::sort(gaps, {}, [](const auto& gap) { return gap.opened.from; });
    std::vector<std::string> told;
    for (const auto& gap : gaps) {
      told.push_back(std::string(ToString(gap.opened.reason)) + " " + Second(gap.opened.from) +
                     "-" + (gap.to ? Second(*gap.to) : "..."));
    }
    return told;
  }
  [[nodiscard]] std::string Second(WallTime time) const {
    return std::to_string(std::chrono::floor<seconds>(time - office_.start).count());
  }

  const testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  storage::PosixFiles files_;
  storage::CatalogueOffice office_;
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("UTC");
  const fleet::SealingKey key_ = *fleet::SealingKey::LoadOrCreate(folder_.path() / "key");
  CrashFile crashes_{files_, Path("crash-book")};
  Parking parking_{crashes_, clock_};
  ingest::Supervisor supervisor_{clock_, {.threads = 1, .parsing_notes = {}}};
  storage::LiveRelay relay_{
      {.socket_path = Path("live.socket")}, clock_, [](CameraStream, bool) {}};
  std::optional<storage::Recorder> recorder_;
  std::optional<PictureChecks> checks_;
  std::optional<SubStreams> subs_;
  std::optional<Recording> recording_;
};

TEST_F(RecordingTest, AServiceThatBeginsAnewBetweenTwoLooksIsAccountedForAnew) {
  const fleet::RecordedCamera camera = Camera({{0, 10}, {20, 100'000}});
  clock_.Advance(seconds(5));
  Apply(camera);
  clock_.Advance(seconds(25));
  Apply(camera);
  ExpectGaps({"recorder_restart 0-5", "camera_unreachable 5-10", "recorder_restart 20-30",
              "camera_unreachable 30-..."});
}

TEST_F(RecordingTest, AServiceThatIsProlongedGoesOn) {
  clock_.Advance(seconds(5));
  Apply(Camera({{0, 10}}));
  Apply(Camera({{0, 20}}));
  clock_.Advance(seconds(10));
  Apply(Camera({{0, 20}}));
  EXPECT_EQ(recording_->cameras(), 1U);
  clock_.Advance(seconds(10));
  Apply(Camera({{0, 20}}));
  EXPECT_EQ(recording_->cameras(), 0U);
  ExpectGaps({"recorder_restart 0-5", "camera_unreachable 5-20"});
}

TEST_F(RecordingTest, RecordingGoesOnWhereOurClockIsSetBackToBeforeTheService) {
  clock_.Advance(seconds(5));
  Apply(Camera());
  clock_.StepWall(-minutes(60));
  Apply(Camera());
  EXPECT_EQ(recording_->cameras(), 1U);
  Apply(Camera({{60, 100'000}}));
  EXPECT_EQ(recording_->cameras(), 0U) << "its service begins later now";
}

TEST_F(RecordingTest, WithALostJournalARecordedSubStreamIsMissingSinceTheCatalogueEnds) {
  storage::RunOpened run = office_.Run(At(0), office_.camera);
  run.stream = Stream::kSub;
  std::vector<storage::JournalRecord> records = office_.RunWithClips(run, 2);
  for (auto& record : records) {
    if (auto* clip = std::get_if<storage::ClipClosed>(&record)) clip->opened.stream = Stream::kSub;
  }
  const auto days = storage::CatalogueOffice::Days();
  const auto stored =
      database_->As("yagura_record").Run([&](pqxx::transaction_base& transaction) -> Result<void> {
        storage::InsertRecords(transaction, records, days);
        return {};
      });
  ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  clock_.Advance(seconds(300));
  fleet::RecordedCamera camera = Camera();
  camera.sub = fleet::SubStream{.url = "nowhere", .sealed_credentials = {}, .recorded = true};
  Apply(camera);
  ExpectGaps({"recorder_restart 120-300", "camera_unreachable 300-..."}, Stream::kSub);
}

TEST_F(RecordingTest, ASubStreamThatNothingKnowsIsAccountedForFromNowOn) {
  clock_.Advance(seconds(300));
  fleet::RecordedCamera camera = Camera();
  camera.sub = fleet::SubStream{.url = "nowhere", .sealed_credentials = {}, .recorded = true};
  Apply(camera);
  ExpectGaps({"camera_unreachable 300-..."}, Stream::kSub);
}

/// One stream is parked, then workers of other cameras crash too.
TEST_F(RecordingTest, WhoWasParkedBeforeAWaveOfCrashesIsLetInAgainItsSubStreamToo) {
  fleet::RecordedCamera camera = Camera();
  camera.sub = fleet::SubStream{.url = "nowhere", .sealed_credentials = {}, .recorded = true};
  Apply(camera);
  for (const Stream stream : {Stream::kMain, Stream::kSub}) {
    clock_.Advance(seconds(1));
    Crash({camera.id, stream});
    Crash({camera.id, stream});
  }
  ExpectGaps({"camera_unreachable 0-1", "camera_parked 1-..."});
  ExpectGaps({"camera_unreachable 0-2", "camera_parked 2-..."}, Stream::kSub);
  clock_.Advance(seconds(1));
  Crash({NewId<CameraId>()});
  Crash({NewId<CameraId>()});
  EXPECT_TRUE(recording_->workers_failing());
  ExpectGaps({"camera_unreachable 0-1", "camera_parked 1-3", "camera_unreachable 3-..."});
  ExpectGaps({"camera_unreachable 0-2", "camera_parked 2-3", "camera_unreachable 3-..."},
             Stream::kSub);
}

TEST_F(RecordingTest, WhoWasParkedLongBeforeIsNotSpokenOfEachSecond) {
  const fleet::RecordedCamera camera = Camera();
  Apply(camera);
  Crash({camera.id});
  Crash({camera.id});
  clock_.Advance(minutes(5));
  for (int i = 0; i < 3; ++i) Crash({NewId<CameraId>()});
  ASSERT_TRUE(recording_->workers_failing());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 5; ++i) recording_->NoteWorkerDeaths({});
  EXPECT_THAT(::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr(),
              IsEmpty());
  ExpectGaps({"camera_parked 0-..."});
}

}  // namespace
}  // namespace yagura::app
