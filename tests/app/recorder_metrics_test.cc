#include "app/recorder_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace yagura::app {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr WallTime kSince{std::chrono::seconds(1'800'000'000)};

/// One that delivers and whose clock is known, and one that doesn't.
std::vector<ingest::CameraStatus> TwoCameras() {
  ingest::CameraStatus streaming;
  streaming.id = NewId<CameraId>();
  streaming.state = ingest::CameraState::kStreaming;
  streaming.since = kSince;
  streaming.frames = 1'500;
  streaming.lost_packets = 7;
  streaming.clock_offset = microseconds(-250'000);
  streaming.clock_drift_ppm = 12.5;
  ingest::CameraStatus silent;
  silent.id = NewId<CameraId>();
  silent.state = ingest::CameraState::kBackingOff;
  silent.since = kSince;
  silent.reason = GapReason::kCameraSilent;
  return {streaming, silent};
}

std::vector<Metric::Sample> SamplesOf(const std::vector<Metric>& metrics, const std::string& name) {
  for (const Metric& metric : metrics) {
    if (metric.name == name) return metric.samples;
  }
  ADD_FAILURE() << "no " << name;
  return {};
}

TEST(RecorderMetricsTest, TellsEachCamerasStateAndSinceWhen) {
  const auto cameras = TwoCameras();
  const auto metrics = RecorderMetrics(cameras, {}, {}, {});
  const std::string streaming = ToString(cameras[0].id);
  const std::string silent = ToString(cameras[1].id);
  const auto states = SamplesOf(metrics, "yagura_camera_state");
  ASSERT_THAT(states, SizeIs(2));
  EXPECT_THAT(states[0].labels, ElementsAre(Pair("camera", streaming), Pair("state", "streaming")));
  EXPECT_THAT(states[1].labels, ElementsAre(Pair("camera", silent), Pair("reason", "camera_silent"),
                                            Pair("state", "backing_off")));
  EXPECT_THAT(SamplesOf(metrics, "yagura_camera_state_since_seconds"),
              Contains(Field(&Metric::Sample::value, 1'800'000'000)).Times(2));
  EXPECT_EQ(SamplesOf(metrics, "yagura_camera_frames_total")[0].value, 1'500);
  EXPECT_EQ(SamplesOf(metrics, "yagura_camera_lost_packets_total")[0].value, 7);
}

TEST(RecorderMetricsTest, TellsWhatIsParked) {
  const CameraId camera = NewId<CameraId>();
  const auto metrics = RecorderMetrics({}, {{camera, {GapReason::kCameraParked, kSince}}}, {}, {});
  const auto states = SamplesOf(metrics, "yagura_camera_state");
  ASSERT_THAT(states, SizeIs(1));
  EXPECT_THAT(states[0].labels,
              ElementsAre(Pair("camera", ToString(camera)), Pair("reason", "camera_parked"),
                          Pair("state", "left_out")));
  EXPECT_THAT(SamplesOf(metrics, "yagura_camera_state_since_seconds"),
              ElementsAre(Field(&Metric::Sample::value, 1'800'000'000)));
}

TEST(RecorderMetricsTest, TellsNoClockThatIsNotKnown) {
  const auto metrics = RecorderMetrics(TwoCameras(), {}, {}, {});
  EXPECT_THAT(SamplesOf(metrics, "yagura_camera_clock_offset_seconds"),
              ElementsAre(Field(&Metric::Sample::value, -0.25)));
  EXPECT_THAT(SamplesOf(metrics, "yagura_camera_clock_drift_ppm"),
              ElementsAre(Field(&Metric::Sample::value, 12.5)));
}

TEST(RecorderMetricsTest, TellsBlackAndFrozenPictures) {
  const CameraId camera = NewId<CameraId>();
  const auto metrics =
      RecorderMetrics({}, {}, {{camera, {pictures::PictureFault::kBlack, kSince}}}, {});
  const auto faults = SamplesOf(metrics, "yagura_camera_picture_fault");
  ASSERT_THAT(faults, SizeIs(1));
  EXPECT_THAT(faults[0].labels,
              UnorderedElementsAre(Pair("camera", ToString(camera)), Pair("fault", "black")));
  EXPECT_THAT(SamplesOf(metrics, "yagura_camera_picture_fault_since_seconds"),
              ElementsAre(Field(&Metric::Sample::value, 1'800'000'000)));
}

/// Prometheus's own conventions; and the page that people read.
TEST(RecorderMetricsTest, AreNamedByTheRulesAndInTheManual) {
  std::ifstream file(YAGURA_METRICS_PAGE);
  std::ostringstream page;
  page << file.rdbuf();
  std::set<std::string> names;
  for (const Metric& metric : RecorderMetrics(TwoCameras(), {}, {}, {})) {
    EXPECT_TRUE(std::regex_match(metric.name, std::regex("yagura_[a-z]+(_[a-z]+)+")))
        << metric.name;
    EXPECT_EQ(metric.kind == Metric::Kind::kCounter, metric.name.ends_with("_total"))
        << metric.name;
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name << " twice";
    EXPECT_NE(page.str().find("| `" + metric.name + "` |"), std::string::npos)
        << metric.name << " has no row in docs/operations/metrics.md";
  }
  const std::string text = page.str();
  const std::regex row("\\n\\| `(yagura_[a-z_]+)`");
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at)
    EXPECT_THAT(names, Contains((*at)[1].str())) << "the manual tells of it";
}

}  // namespace
}  // namespace yagura::app
