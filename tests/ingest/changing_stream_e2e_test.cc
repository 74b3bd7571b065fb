// Streams that don't stay as they began, over real sockets: no frame is lost.
#include <gmock/gmock.h>

#include <utility>

#include "ingest/supervisor.h"
#include "tests/ingest/farm_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using testing::RecordingSink;
using testing::StampOf;

class ChangingFormatTest : public testing::FarmFixture,
                           public ::testing::WithParamInterface<const char*> {};

TEST_P(ChangingFormatTest, ParameterSetsThatChangeInMidStreamCostNoFrame) {
  farm_options_.groups = {
      {.count = 1, .loops = {Loop(GetParam())}, .rate = simulate::FrameRate{120, 1}}};
  StartFarm();
  const Recorded camera = Record(farm_->Url(1));
  const auto changes = [](const std::vector<RecordingSink::Event>& events) {
    std::shared_ptr<const StreamFormat> last;
    int count = -1;
    for (const auto& event : events) {
      const auto* unit = std::get_if<AccessUnit>(&event);
      if (unit != nullptr && std::exchange(last, unit->format) != unit->format) ++count;
    }
    return count;
  };
  ASSERT_TRUE(camera.sink->WaitUntil([&](const auto& events) { return changes(events) >= 2; }));
  supervisor_.Stop();
  const auto units = camera.sink->units();
  for (std::size_t i = 1; i < units.size(); ++i) {
    ASSERT_EQ(StampOf(units[i]).number, StampOf(units[i - 1]).number + 1);
    ASSERT_EQ(units[i].timeline, units[0].timeline);
    ASSERT_GT(units[i].dts, units[i - 1].dts);
    if (units[i].format == units[i - 1].format) continue;
    EXPECT_TRUE(units[i].keyframe);
    EXPECT_EQ(units[i].format->width_px + units[i - 1].format->width_px, 320u + 160u);
  }
  EXPECT_THAT(camera.sink->reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
}
INSTANTIATE_TEST_SUITE_P(EachCodec, ChangingFormatTest,
                         ::testing::Values("sizes.h264", "sizes.h265", "sizes.mjpeg"));

class OpenGopTest : public testing::FarmFixture {};

TEST_F(OpenGopTest, OnlyTheLeadingPicturesOfTheFirstKeyframeAreLeftOut) {
  farm_options_.groups = {
      {.count = 1, .loops = {Loop("open_b.h265")}, .rate = simulate::FrameRate{120, 1}}};
  StartFarm();
  const Recorded camera = Record(farm_->Url(1));
  ASSERT_TRUE(camera.sink->WaitForUnits(200));
  supervisor_.Stop();
  const auto units = camera.sink->units();
  EXPECT_TRUE(units.front().keyframe);
  const FrameStamp first = StampOf(units.front());
  const std::uint64_t after = StampOf(units[1]).number;
  EXPECT_LE(after - first.number, 4u) << "three B-frames";
  for (std::size_t i = 1; i < units.size(); ++i) {
    const FrameStamp stamp = StampOf(units[i]);
    ASSERT_EQ(stamp.number, after + i - 1);
    EXPECT_GT(stamp.presentation, first.presentation);
    EXPECT_LE(units[i].dts, units[i].pts);
  }
}

}  // namespace
}  // namespace yagura::ingest
