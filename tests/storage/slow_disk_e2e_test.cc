// A disk that takes 200 ms for each write and sync, under the recorder with its threads.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "storage/files_posix.h"
#include "storage/recorder.h"
#include "tests/storage/catalogue_model.h"
#include "tests/storage/fake_stream.h"
#include "tests/storage/slow_files.h"
#include "tests/support/child_process_posix.h"

namespace yagura::storage {
namespace {

using testing::CatalogueModel;
using testing::FakeStream;
using ::testing::IsEmpty;
using testing::kSecond;
using testing::OwnedBy;
using testing::SlowFiles;
using testing::TestId;

constexpr WallTime kLongAgo{std::chrono::seconds(1'000'000'000)};
constexpr std::chrono::milliseconds kDelay{200};

class SlowDiskTest : public ::testing::Test {
 protected:
  /// `volumes`: names of their folders; that of "slow" is.
  void Start(const std::vector<std::string>& volumes) {
    std::filesystem::create_directories(folder_.path() / "state");
    Recorder::Options options{.state_folder = Path("state"), .volumes = {}};
    for (const std::string& name : volumes) {
      std::filesystem::create_directories(folder_.path() / name);
      ASSERT_TRUE(Volume::Format(files_, Path(name)).has_value());
      options.volumes.push_back({.root = Path(name), .reserve_bytes = 1000});
    }
    recorder_ = std::make_unique<Recorder>(std::move(options), slow_files_, clock_, calendar_);
    ASSERT_TRUE(recorder_->Start().has_value());
  }
  struct Camera {
    std::shared_ptr<AccessUnitSink> sink;
    FakeStream stream;
  };
  /// 2 Mbit/s each.
  void Attach(std::uint8_t cameras, WallTime start) {
    for (std::uint8_t i = 0; i < cameras; ++i) {
      cameras_.push_back(
          {recorder_->Attach(TestId<CameraId>(i), Stream::kMain, {OwnedBy(1, kLongAgo)}, start),
           FakeStream({.fps = 10, .gop = 20, .frame_bytes = 25'000}, start)});
    }
  }
  /// All that the cameras have sent by `until`.
  void SendUntil(WallTime until) {
    for (Camera& camera : cameras_) {
      while (camera.stream.WallOfNext() < until) camera.sink->OnAccessUnit(camera.stream.Next());
    }
    held_bytes_max_ = std::max(held_bytes_max_, recorder_->status().held_bytes);
  }
  /// The gaps that aren't of a start or stop.
  std::vector<GapReason> GapsBetween() {
    CatalogueModel catalogue;
    catalogue.ReadFrom(recorder_->journal());
    EXPECT_THAT(catalogue.open_clips(), IsEmpty());
    std::vector<GapReason> reasons;
    for (const CatalogueModel::Gap& gap : catalogue.gaps()) {
      if (gap.opened.reason != GapReason::kRecorderRestart) reasons.push_back(gap.opened.reason);
    }
    return reasons;
  }
  [[nodiscard]] std::string Path(const std::string& name) const {
    return (folder_.path() / name).string();
  }

  const testing::TemporaryFolder folder_;
  PosixFiles files_;
  SlowFiles slow_files_{files_, Path("slow"), kDelay};
  SystemClock clock_;
  const OfficeCalendar calendar_ = *OfficeCalendar::Load("Asia/Tokyo");
  std::unique_ptr<Recorder> recorder_;
  std::vector<Camera> cameras_;
  std::uint64_t held_bytes_max_ = 0;
};

// Eight cameras of 1.5 fragments a second each: half of them on a disk that takes five writes.
TEST_F(SlowDiskTest, ItsCamerasGoToTheOtherVolumeAndNobodyLosesAnything) {
  constexpr int kCameras = 8;
  Start({"slow", "fast"});
  const WallTime start = clock_.Now();
  Attach(kCameras, start);
  while (clock_.Now() < start + 20 * kSecond) {
    SendUntil(clock_.Now());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const RecorderStatus status = recorder_->status();
  EXPECT_EQ(status.fragments_dropped, 0U);
  recorder_->Stop();
  EXPECT_THAT(GapsBetween(), IsEmpty());
  EXPECT_LE(held_bytes_max_, kCameras * kStreamHeldBytesMax);
  std::printf("held at most %.1f MB a camera\n",
              static_cast<double>(held_bytes_max_) / kCameras / 1e6);
}

// What can't go anywhere is dropped at a limit, and accounted for.
TEST_F(SlowDiskTest, AloneItHoldsNoMoreThanSixteenMebibytesACamera) {
  constexpr int kCameras = 2;
  Start({"slow"});
  const WallTime start = clock_.Now() - 130 * kSecond;
  Attach(kCameras, start);
  for (int second = 1; second <= 130; ++second) SendUntil(start + second * kSecond);
  EXPECT_GT(recorder_->status().fragments_dropped, 0U);
  EXPECT_LE(held_bytes_max_, kCameras * kStreamHeldBytesMax);
  slow_files_.Recover();
  recorder_->Stop();
  EXPECT_THAT(GapsBetween(), ::testing::Contains(GapReason::kRecorderOverloaded));
}

}  // namespace
}  // namespace yagura::storage
