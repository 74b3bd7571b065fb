// A camera that isn't ours: GStreamer's RTSP server and its payloaders of H.264 and H.265.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "core/sent_log.h"
#include "tests/ingest/farm_fixture.h"
#include "tests/support/child_process_posix.h"

namespace yagura::ingest {
namespace {

using testing::ChildProcess;
using testing::StampOf;
using namespace std::chrono_literals;

class ForeignCameraTest : public testing::FarmFixture,
                          public ::testing::WithParamInterface<const char*> {
 protected:
  /// The address that the camera prints once it serves.
  std::string AwaitUrl(const std::filesystem::path& output) {
    for (int i = 0; i < 300; ++i, std::this_thread::sleep_for(100ms)) {
      std::ifstream file(output);
      std::string name;
      std::string url;
      if (file >> name >> url && file.peek() == '\n') return url;
    }
    return {};
  }
  /// The server has noted that we are gone.
  bool AwaitEndOfSession() {
    for (int i = 0; i < 100; ++i, std::this_thread::sleep_for(100ms)) {
      const auto log = LoadSentLog(farm_options_.sent_log);
      if (log.has_value() && !log->ends.empty()) return true;
    }
    return false;
  }
};

TEST_P(ForeignCameraTest, EveryFrameComesOnceWithItsTime) {
  const auto output = folder_ / "output";
  auto server =
      ChildProcess::Start({.arguments = {YAGURA_GST_CAMERA, "--port", "0", "--file",
                                         Loop(GetParam()), "--sent-log", farm_options_.sent_log},
                           .output = output})
          .value();
  const std::string url = AwaitUrl(output);
  ASSERT_FALSE(url.empty()) << testing::TailOf(output);
  const Recorded camera = Record(url);
  ASSERT_TRUE(camera.sink->WaitForUnits(60)) << StatusOf(camera.id).last_error;
  EXPECT_TRUE(StatusOf(camera.id).clock_offset.has_value()) << "its sender reports are read";
  supervisor_.Stop();
  EXPECT_TRUE(AwaitEndOfSession()) << "TEARDOWN was understood";
  server.Signal(SIGTERM);
  ASSERT_EQ(server.Wait(20s).value(), (testing::ExitStatus{0, 0}));
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
                         ::testing::Values("high_b.h264", "slices.h264", "rich_b.h265"));

}  // namespace
}  // namespace yagura::ingest
