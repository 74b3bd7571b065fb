#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/rtsp_watcher.h"

namespace yagura::testing {
namespace {

using std::chrono::seconds;

/// The address that the camera prints once it serves; empty where it never does.
std::string AwaitUrl(const std::filesystem::path& output) {
  const SystemClock clock;
  const MonoTime from = clock.Monotonic();
  while (clock.Monotonic() - from < seconds(30)) {
    std::ifstream file(output);
    std::string name;
    std::string url;
    if (file >> name >> url && file.peek() == '\n') return url;
  }
  return {};
}

/// A camera of its own process, serving one of the test loops.
class GstCameraTest : public ::testing::TestWithParam<const char*> {
 protected:
  void Start(const std::string& loop) {
    camera_ =
        ChildProcess::Start({.arguments = {YAGURA_GST_CAMERA, "--port", "0", "--file",
                                           YAGURA_TEST_LOOPS "/" + loop, "--sent-log", log_file_},
                             .output = output_})
            .value();
    url_ = AwaitUrl(output_);
    ASSERT_FALSE(url_.empty()) << TailOf(output_);
  }
  RtspWatcher Watcher() const {
    return RtspWatcher(static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1))));
  }
  SentLog EndAndLoad() {
    camera_->Signal(SIGTERM);
    EXPECT_EQ(camera_->Wait(seconds(20)).value(), (ExitStatus{0, 0})) << TailOf(output_);
    return LoadSentLog(log_file_).value();
  }

  TemporaryFolder folder_;
  std::filesystem::path log_file_ = folder_.path() / "sent.log";
  std::filesystem::path output_ = folder_.path() / "output";
  std::optional<ChildProcess> camera_;
  std::string url_;
};

TEST_P(GstCameraTest, SendsStampedFramesAndLogsThem) {
  Start(GetParam());
  RtspWatcher watcher = Watcher();
  ASSERT_EQ(watcher.Play(url_), 200);
  std::vector<FrameStamp> stamps;
  std::vector<std::uint32_t> rtp_times;
  while (stamps.size() < 70) {
    const auto frame = watcher.NextFrame();
    ASSERT_TRUE(frame.has_value());
    const StampedUnit unit = ReadStampedUnit(frame->unit).value();
    ASSERT_TRUE(unit.intact()) << "frame " << stamps.size();
    stamps.push_back(*unit.stamp);
    rtp_times.push_back(frame->rtp_time);
  }
  EXPECT_EQ(watcher.Ask("TEARDOWN", url_).status, 200);

  const SentLog log = EndAndLoad();
  ASSERT_EQ(log.sessions.size(), 1u);
  ASSERT_EQ(log.ends.size(), 1u);
  ASSERT_GE(log.frames.size(), stamps.size());
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    EXPECT_EQ(stamps[i].number, i);
    EXPECT_EQ(stamps[i].epoch, log.sessions[0].epoch);
    EXPECT_EQ(log.frames[i].number, i);
    EXPECT_EQ(log.frames[i].crc, stamps[i].crc);
    const auto difference = static_cast<std::int32_t>(log.frames[i].rtp_time - rtp_times[i]);
    EXPECT_LE(std::abs(difference), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Loops, GstCameraTest,
                         ::testing::Values("main.h264", "high_b.h264", "aud.h264"),
                         [](const auto& which) {
                           const std::string name = which.param;
                           return name.substr(0, name.find('.'));
                         });

using GstCameraClientsTest = GstCameraTest;

TEST_P(GstCameraClientsTest, EachGetsAnEpochOfItsOwnThatEndsWithIt) {
  Start(GetParam());
  {
    RtspWatcher gone_without_a_word = Watcher();
    ASSERT_EQ(gone_without_a_word.Play(url_), 200);
    ASSERT_TRUE(gone_without_a_word.NextFrame().has_value());
  }
  const SystemClock clock;
  const MonoTime from = clock.Monotonic();
  while (LoadSentLog(log_file_).value().ends.empty() && clock.Monotonic() - from < seconds(20)) {
    std::this_thread::yield();
  }
  RtspWatcher next = Watcher();
  ASSERT_EQ(next.Play(url_), 200);
  ASSERT_TRUE(next.NextFrame()->keyframe);

  const SentLog log = EndAndLoad();
  ASSERT_EQ(log.sessions.size(), 2u);
  EXPECT_EQ(log.ends.size(), 2u);
  EXPECT_NE(log.sessions[0].epoch, log.sessions[1].epoch);
}

INSTANTIATE_TEST_SUITE_P(Loops, GstCameraClientsTest, ::testing::Values("main.h264"));

}  // namespace
}  // namespace yagura::testing
