// A camera that isn't ours: GStreamer's RTSP server and its payloaders of H.264, H.265 and JPEG.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/ingest/farm_fixture.h"
#include "tests/ingest/foreign_camera.h"

namespace yagura::ingest {
namespace {

using testing::ForeignCamera;
using testing::StampOf;
using namespace std::chrono_literals;

class ForeignCameraTest : public testing::FarmFixture,
                          public ::testing::WithParamInterface<const char*> {};

TEST_P(ForeignCameraTest, EveryFrameComesOnceWithItsTime) {
  ForeignCamera server(folder_, {.loop = Loop(GetParam()), .sent_log = farm_options_.sent_log});
  ASSERT_FALSE(server.url().empty()) << server.output();
  const Recorded camera = Record(server.url());
  ASSERT_TRUE(camera.sink->WaitForUnits(60)) << StatusOf(camera.id).last_error;
  EXPECT_TRUE(StatusOf(camera.id).clock_offset.has_value()) << "its sender reports are read";
  supervisor_.Stop();
  EXPECT_TRUE(server.AwaitEndOfSession()) << "TEARDOWN was understood";
  server.End();
  const Captured captured = EndFarm();
  const auto units = camera.sink->units();
  testing::ExpectUnbroken(units);
  EXPECT_EQ(StampOf(units.front()).number, 0u) << "its first frame, a keyframe, is not lost";
  // Its log says when it gave frames to GStreamer, which on a busy machine is late for some.
  std::vector<microseconds> errors;
  for (const AccessUnit& unit : units) {
    const FrameStamp stamp = StampOf(unit);
    errors.push_back(std::chrono::abs(unit.wall - captured.at({stamp.epoch, stamp.number})));
  }
  std::sort(errors.begin(), errors.end());
  EXPECT_LT(errors[errors.size() / 2], 400ms);
}
INSTANTIATE_TEST_SUITE_P(EachLoop, ForeignCameraTest,
                         ::testing::Values("high_b.h264", "slices.h264", "rich_b.h265",
                                           "main.mjpeg", "restarts.mjpeg"));

}  // namespace
}  // namespace yagura::ingest
