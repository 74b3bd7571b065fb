// Streams are spread over volumes by their weights, also while they are recorded.
#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

#include "storage/volume_share.h"
#include "tests/storage/recording_rig.h"

namespace yagura::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::size_t> Shares(std::size_t streams, const std::vector<std::uint32_t>& weights) {
  return storage::SharesOf(streams, weights);
}

TEST(VolumeShareTest, SharesAreInProportionToWeights) {
  EXPECT_THAT(Shares(3, {1, 2}), ElementsAre(1, 2));
  EXPECT_THAT(Shares(100, {1, 2, 1}), ElementsAre(25, 50, 25));
  EXPECT_THAT(Shares(10, {1, 1, 1}), ElementsAre(4, 3, 3));
  EXPECT_THAT(Shares(1, {1, 1000}), ElementsAre(0, 1));
  EXPECT_THAT(Shares(0, {1, 1}), ElementsAre(0, 0));
}

TEST(VolumeShareTest, WeightZeroHasNoShare) {
  EXPECT_THAT(Shares(5, {0, 1}), ElementsAre(0, 5));
  EXPECT_THAT(Shares(5, {0, 0}), ElementsAre(0, 0));
  EXPECT_THAT(Shares(5, {}), IsEmpty());
}

constexpr int kCameras = 4;
constexpr storage::VolumeOptions kFirst{.root = "/volume1", .reserve_bytes = 1000, .weight = 1};

class VolumeWeightsTest : public ::testing::Test {
 protected:
  /// Cameras by the volume on which their newest clip lies: "1212".
  std::string Now() {
    std::string now;
    for (int i = 0; i < kCameras; ++i) now += rig_.VolumesOf(i).back();
    return now;
  }
  void SetWeights(std::uint32_t first, std::uint32_t second) {
    auto options = std::vector{kFirst, kFirst};
    options[0].weight = first;
    options[1].root = "/volume2";
    options[1].weight = second;
    EXPECT_THAT(rig_.recorder()->SetVolumes(options), IsEmpty());
  }
  /// All that was sent is stored, and the only gap is the one behind the stop.
  void JudgeNothingLost() {
    rig_.Stop();
    EXPECT_THAT(rig_.Problems(), IsEmpty());
    for (int i = 0; i < kCameras; ++i) EXPECT_EQ(rig_.Gaps(i).size(), i == 0 ? 1U : 2U);
  }

  RecordingRig rig_{{.fps = 2, .gop = 4}, kCameras, 2};
};

TEST_F(VolumeWeightsTest, ADrainedVolumeIsLeftWithoutAGap) {
  rig_.Start();
  rig_.Run(10);
  SetWeights(0, 1);
  rig_.Run(15);
  JudgeNothingLost();
  EXPECT_EQ(Now(), "2222");
  EXPECT_EQ(rig_.VolumesOf(0), "12");
}

TEST_F(VolumeWeightsTest, AVolumeThatCountsAgainGetsItsShareBack) {
  rig_.Start();
  rig_.Run(4);
  SetWeights(0, 1);
  rig_.Run(15);
  SetWeights(1, 3);
  rig_.Run(15);
  JudgeNothingLost();
  const std::string now = Now();
  EXPECT_EQ(std::ranges::count(now, '1'), 1) << now;
}

TEST_F(VolumeWeightsTest, StreamsThatAreWhereTheyBelongStayThere) {
  rig_.Start();
  rig_.Run(50);
  JudgeNothingLost();
  for (int i = 0; i < kCameras; ++i) EXPECT_EQ(rig_.VolumesOf(i).size(), 1U);
}

TEST_F(VolumeWeightsTest, AVolumeThatRefusedGetsStreamsBackWhenItHasNotForAMinute) {
  rig_.Start();
  rig_.Run(4);
  rig_.files().SetFault([](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (!call.path.starts_with("/volume1")) return std::nullopt;
    return ErrorCode::kUnavailable;
  });
  rig_.Run(10);
  rig_.files().SetFault(nullptr);
  rig_.Run(50);
  SetWeights(1, 1);
  rig_.Stop();
  EXPECT_EQ(Now(), "2222");
  rig_.Start();
  rig_.Run(5);
  rig_.Stop();
  EXPECT_THAT(rig_.Problems(), IsEmpty());
}

TEST_F(VolumeWeightsTest, AfterThatMinuteTheyAreSpreadAgain) {
  rig_.Start();
  rig_.Run(4);
  rig_.files().SetFault([](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (!call.path.starts_with("/volume1")) return std::nullopt;
    return ErrorCode::kUnavailable;
  });
  rig_.Run(10);
  rig_.files().SetFault(nullptr);
  rig_.Run(90);
  rig_.Stop();
  EXPECT_THAT(rig_.Problems(), IsEmpty());
  const std::string now = Now();
  EXPECT_EQ(std::ranges::count(now, '1'), 2) << now;
}

TEST_F(VolumeWeightsTest, ADrainedVolumeTakesWhatNoOtherDoes) {
  rig_.Start();
  rig_.Run(4);
  SetWeights(0, 1);
  rig_.Run(15);
  rig_.files().SetFault([](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
    if (!call.path.starts_with("/volume2")) return std::nullopt;
    return ErrorCode::kUnavailable;
  });
  rig_.Run(10);
  rig_.Stop();
  EXPECT_EQ(Now(), "1111");
}

TEST(AddedVolumeTest, GetsItsShareOfWhatIsRecorded) {
  RecordingRig rig({.fps = 2, .gop = 4}, kCameras, 1);
  const std::string root = rig.AddFolder(2);
  rig.Start();
  rig.Run(10);
  storage::VolumeOptions second = kFirst;
  second.root = root;
  EXPECT_EQ(rig.recorder()->SetVolumes({kFirst, second}).size(), 1U);
  rig.Run(15);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
  int moved = 0;
  for (int i = 0; i < kCameras; ++i) moved += rig.VolumesOf(i) == "12" ? 1 : 0;
  EXPECT_EQ(moved, 2);
}

TEST(AddedVolumeTest, ThatIsNotThereIsLeftOut) {
  RecordingRig rig({.fps = 2, .gop = 4}, kCameras, 1);
  rig.Start();
  storage::VolumeOptions second = kFirst;
  second.root = "/nowhere";
  EXPECT_THAT(rig.recorder()->SetVolumes({kFirst, second}), IsEmpty());
  rig.Run(10);
  rig.Stop();
  EXPECT_THAT(rig.Problems(), IsEmpty());
}

}  // namespace
}  // namespace yagura::testing
