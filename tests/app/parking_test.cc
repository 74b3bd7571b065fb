#include "app/parking.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fleet/recorder_view.h"
#include "storage/files_posix.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/fake_clock.h"

namespace yagura::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// A recorder's lives, one after the other, with one state folder.
class ParkingTest : public ::testing::Test {
 protected:
  void SetUp() override { camera_.id = NewId<CameraId>(); }
  /// A start: whether the camera is parked then.
  bool ParkedAtStart() {
    CrashFile file(files_, Path());
    return Parking(file, clock_).IsParked({camera_.id}, camera_.parking_lifted_at);
  }
  void CrashOf(const CameraId& camera) {
    CrashFile file(files_, Path());
    const auto noted = file.Note({camera, SIGSEGV, clock_.Now(), Uptime(), {}});
    EXPECT_TRUE(noted.has_value());
  }
  void Crash() { CrashOf(camera_.id); }
  /// The database says so; its clock is a minute fast.
  void Lift() { camera_.parking_lifted_at = clock_.Now() + minutes(1); }
  std::string Path() const { return (folder_.path() / "crash-book").string(); }

  testing::TemporaryFolder folder_;
  storage::PosixFiles files_;
  testing::FakeClock clock_;
  fleet::RecordedCamera camera_;
};

TEST_F(ParkingTest, ACameraIsParkedAfterTwoCrashesUntilThatIsLifted) {
  EXPECT_FALSE(ParkedAtStart());
  Crash();
  EXPECT_FALSE(ParkedAtStart());
  clock_.Advance(minutes(9));
  Crash();
  EXPECT_TRUE(ParkedAtStart());
  clock_.Advance(minutes(60 * 24));
  EXPECT_TRUE(ParkedAtStart());
  Lift();
  EXPECT_FALSE(ParkedAtStart());
  EXPECT_FALSE(ParkedAtStart());
}

TEST_F(ParkingTest, CrashesOfItsPullWorkerCountAndItsOtherDeathsDont) {
  CrashFile file(files_, Path());
  Parking parking(file, clock_);
  for (const int signal : {SIGKILL, SIGTERM, SIGALRM, SIGKILL})
    parking.NoteWorkerDeath({camera_.id}, signal);
  parking.NoteWorkerDeath({camera_.id}, SIGSEGV);
  EXPECT_FALSE(parking.IsParked({camera_.id}, camera_.parking_lifted_at));
  clock_.Advance(minutes(1));
  parking.NoteWorkerDeath({camera_.id}, SIGABRT);
  EXPECT_TRUE(parking.IsParked({camera_.id}, camera_.parking_lifted_at));
  EXPECT_TRUE(ParkedAtStart()) << "by the next recorder too";
}

TEST_F(ParkingTest, AWorkerThatGLibEndedByABreakpointHasCrashed) {
  CrashFile file(files_, Path());
  Parking parking(file, clock_);
  parking.NoteWorkerDeath({camera_.id}, SIGTRAP);
  EXPECT_FALSE(parking.IsParked({camera_.id}, camera_.parking_lifted_at));
  parking.NoteWorkerDeath({camera_.id}, SIGTRAP);
  EXPECT_TRUE(parking.IsParked({camera_.id}, camera_.parking_lifted_at));
}

/// Many cameras, as where an update of GStreamer kills every worker.
class FailingWorkersTest : public ParkingTest {
 protected:
  void SetUp() override {
    for (int i = 0; i < 20; ++i) cameras_.emplace_back().id = NewId<CameraId>();
  }
  /// A crash of one each 100 ms.
  void CrashOfEach() {
    for (const fleet::RecordedCamera& camera : cameras_) {
      parking_.NoteWorkerDeath({camera.id}, SIGSEGV);
      clock_.Advance(std::chrono::milliseconds(100));
    }
  }
  int Parked() {
    int parked = 0;
    for (const fleet::RecordedCamera& camera : cameras_)
      parked += parking_.IsParked({camera.id}, camera.parking_lifted_at) ? 1 : 0;
    return parked;
  }
  void CrashTwice(const fleet::RecordedCamera& camera) {
    parking_.NoteWorkerDeath({camera.id}, SIGSEGV);
    clock_.Advance(seconds(1));
    parking_.NoteWorkerDeath({camera.id}, SIGSEGV);
  }

  std::vector<fleet::RecordedCamera> cameras_;
  CrashFile file_{files_, Path()};
  Parking parking_{file_, clock_};
};

TEST_F(FailingWorkersTest, WhereAllWorkersCrashNoCameraIsParked) {
  EXPECT_FALSE(parking_.WorkersAreFailing());
  for (int i = 0; i < 30; ++i) CrashOfEach();
  EXPECT_TRUE(parking_.WorkersAreFailing());
  EXPECT_EQ(Parked(), 0);
  clock_.Advance(CrashWave::kWithin);
  EXPECT_FALSE(parking_.WorkersAreFailing()) << "somebody has repaired it";
  for (const fleet::RecordedCamera& camera : cameras_) {
    clock_.Advance(minutes(1));
    parking_.NoteWorkerDeath({camera.id}, SIGSEGV);
  }
  EXPECT_EQ(Parked(), 0) << "what was before doesn't count, not even the first two";
  CrashTwice(cameras_[0]);
  EXPECT_EQ(Parked(), 1) << "one alone, as ever";
}

TEST_F(FailingWorkersTest, WhoWasParkedBeforeItWasKnownIsLetInAgain) {
  CrashTwice(cameras_[0]);
  EXPECT_EQ(Parked(), 1);
  clock_.Advance(seconds(10));
  parking_.NoteWorkerDeath({cameras_[1].id}, SIGSEGV);
  EXPECT_EQ(Parked(), 1);
  parking_.NoteWorkerDeath({cameras_[2].id}, SIGSEGV);
  EXPECT_EQ(Parked(), 0);
}

TEST_F(FailingWorkersTest, WhoWasParkedLongBeforeStaysSo) {
  CrashTwice(cameras_[0]);
  clock_.Advance(minutes(5));
  CrashOfEach();
  cameras_.erase(cameras_.begin() + 1, cameras_.end());
  EXPECT_EQ(Parked(), 1);
}

TEST_F(FailingWorkersTest, ALiftOfLaterCountsAsEver) {
  CrashOfEach();
  clock_.Advance(minutes(2));
  CrashTwice(cameras_[0]);
  EXPECT_EQ(Parked(), 1);
  cameras_[0].parking_lifted_at = clock_.Now();
  EXPECT_EQ(Parked(), 0);
}

TEST_F(ParkingTest, ItIsParkedAgainByTwoCrashesAfterTheLift) {
  Crash();
  Crash();
  Lift();
  EXPECT_FALSE(ParkedAtStart());
  clock_.Advance(seconds(2));  // sooner than the database's clock would have it
  Crash();
  EXPECT_FALSE(ParkedAtStart());
  Crash();
  EXPECT_TRUE(ParkedAtStart());
}

TEST_F(ParkingTest, ALiftIsSeenWhileTheRecorderRuns) {
  Crash();
  Crash();
  CrashFile file(files_, Path());
  Parking parking(file, clock_);
  EXPECT_TRUE(parking.IsParked({camera_.id}, camera_.parking_lifted_at));
  Lift();
  EXPECT_FALSE(parking.IsParked({camera_.id}, camera_.parking_lifted_at));
}

TEST_F(ParkingTest, AnOlderViewOfTheCameraLiftsNothing) {
  Lift();
  EXPECT_FALSE(ParkedAtStart());
  Crash();
  Crash();
  camera_.parking_lifted_at.reset();
  EXPECT_TRUE(ParkedAtStart());
}

TEST_F(ParkingTest, TheClockSetBackMeanwhileForgetsNothing) {
  Lift();
  EXPECT_FALSE(ParkedAtStart());
  clock_.StepWall(-minutes(60));
  Crash();
  Crash();
  EXPECT_TRUE(ParkedAtStart());
}

TEST_F(ParkingTest, OtherCamerasCrashesParkNobodyElse) {
  for (int i = 0; i < 10; ++i) CrashOf(NewId<CameraId>());
  EXPECT_FALSE(ParkedAtStart());
}

TEST_F(ParkingTest, ATornTailIsPassedOverAndGoneAfterTheStart) {
  Crash();
  std::ofstream(Path(), std::ios::app) << "ygcrsh01 torn";
  EXPECT_FALSE(ParkedAtStart());
  EXPECT_EQ(std::filesystem::file_size(Path()), kCrashEntryBytes);
  Crash();
  EXPECT_TRUE(ParkedAtStart());
}

TEST_F(ParkingTest, AFileThatIsNoneOfOursStopsNothing) {
  std::ofstream(Path()) << std::string(100'000, 'x');
  EXPECT_FALSE(ParkedAtStart());
  Crash();
  Crash();
  EXPECT_TRUE(ParkedAtStart());
}

TEST_F(ParkingTest, WhereTheFileCanNotBeOpenedNothingIsParkedAndNothingStops) {
  std::filesystem::create_directory(Path());
  EXPECT_FALSE(ParkedAtStart());
  Lift();
  EXPECT_FALSE(ParkedAtStart());
}

}  // namespace
}  // namespace yagura::app
