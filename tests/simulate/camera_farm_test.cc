#include "simulate/camera_farm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "tests/support/rtsp_watcher.h"

namespace yagura::simulate {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RtspWatcher;
using ::testing::SizeIs;
using testing::WatchedFrame;

std::filesystem::path Loop(const std::string& name) {
  return std::filesystem::path(YAGURA_TEST_LOOPS) / name;
}

/// Fast cameras, so that seconds of footage come in a fraction of one.
constexpr FrameRate kFast{200, 1};

class CameraFarmTest : public ::testing::Test {
 protected:
  CameraFarmTest() {
    std::string name = "/tmp/yagura-farm-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    options_.sent_log = folder_ / "sent.log";
    options_.groups = {{.count = 2, .loops = {Loop("main.h264")}, .rate = kFast}};
  }
  ~CameraFarmTest() override {
    farm_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    auto farm = CameraFarm::Start(options_, clock_);
    ASSERT_TRUE(farm.has_value()) << ToString(farm.error());
    farm_ = std::move(*farm);
  }
  /// Ends the farm, which completes its log.
  SentLog EndAndLoad() {
    farm_.reset();
    return LoadSentLog(options_.sent_log).value();
  }
  static std::vector<WatchedFrame> Take(RtspWatcher& watcher, std::size_t count) {
    std::vector<WatchedFrame> frames;
    while (frames.size() < count) {
      auto frame = watcher.NextFrame();
      if (!frame) break;
      frames.push_back(std::move(*frame));
    }
    return frames;
  }

  SystemClock clock_;
  std::filesystem::path folder_;
  FarmOptions options_;
  std::unique_ptr<CameraFarm> farm_;
};

StampedUnit Read(const WatchedFrame& frame) { return ReadStampedUnit(frame.unit).value(); }

TEST_F(CameraFarmTest, FramesCarryConsecutiveStampsAndIntactBytesAcrossTheLoopPoint) {
  Start();
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(2)), 200);
  const auto frames = Take(watcher, 320);  // the loop has 150
  ASSERT_THAT(frames, SizeIs(320));
  const std::uint64_t first = Read(frames.front()).stamp->number;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const StampedUnit unit = Read(frames[i]);
    ASSERT_TRUE(unit.intact()) << "frame " << i;
    EXPECT_EQ(unit.stamp->camera, 2u);
    EXPECT_EQ(unit.stamp->number, first + i);
    EXPECT_EQ(unit.stamp->presentation, first + i);
    EXPECT_EQ(frames[i].rtp_time - frames[0].rtp_time, i * 450);
  }
  EXPECT_EQ(watcher.sequence_breaks(), 0);
}

}  // namespace
}  // namespace yagura::simulate
