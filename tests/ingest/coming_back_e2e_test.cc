// Cameras that went away together, as with the switch they hang on, and come back together.
#include <gmock/gmock.h>

#include <iostream>

#include "tests/ingest/farm_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using testing::ExpectUnbroken;
using namespace std::chrono_literals;

class ComingBackTest : public testing::FarmFixture {};

TEST_F(ComingBackTest, TwoHundredAtOnceAreJoinedAgainAndTheOthersGoOn) {
  constexpr std::uint32_t kStay = 4;
  constexpr std::uint32_t kGo = 200;
  farm_options_.groups = {{.count = kStay + kGo, .loops = {Loop("gop_half.h264")}}};
  StartFarm();
  std::vector<Recorded> cameras;
  for (std::uint32_t camera = 1; camera <= kStay + kGo; ++camera)
    cameras.push_back(Record(farm_->Url(camera)));
  for (const Recorded& camera : cameras) ASSERT_TRUE(camera.sink->WaitForUnits(1));
  for (std::uint32_t camera = kStay + 1; camera <= kStay + kGo; ++camera) farm_->StopCamera(camera);
  for (std::uint32_t i = kStay; i < kStay + kGo; ++i)
    ASSERT_TRUE(cameras[i].sink->WaitForReason(GapReason::kCameraUnreachable));
  std::vector<std::size_t> until_then;
  for (const Recorded& camera : cameras) until_then.push_back(camera.sink->units().size());
  const auto back = clock_.Monotonic();
  for (std::uint32_t camera = kStay + 1; camera <= kStay + kGo; ++camera)
    farm_->StartCamera(camera);
  for (std::uint32_t i = kStay; i < kStay + kGo; ++i)
    ASSERT_TRUE(cameras[i].sink->WaitForUnits(until_then[i] + 1));
  const auto took = clock_.Monotonic() - back;
  EXPECT_LT(took, 40s + standstill_.so_far()) << "promised: 30 s";
  std::cout << "all back after " << took / 1ms << " ms\n";
  supervisor_.Stop();
  for (std::uint32_t i = 0; i < kStay; ++i) {
    ExpectUnbroken(cameras[i].sink->units());
    EXPECT_THAT(cameras[i].sink->reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
  }
}

}  // namespace
}  // namespace yagura::ingest
