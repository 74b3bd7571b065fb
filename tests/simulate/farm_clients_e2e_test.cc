// The farm as others see it: ffmpeg's client, and the command's own process.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "simulate/camera_farm.h"
#include "simulate/loop_file.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/rtsp_watcher.h"

namespace yagura::simulate {
namespace {

using std::chrono::seconds;
using testing::ChildProcess;
using testing::ExitStatus;
using testing::TemporaryFolder;

std::filesystem::path Loop(const std::string& name) {
  return std::filesystem::path(YAGURA_TEST_LOOPS) / name;
}
std::string TextOf(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// A frame of a byte stream as access units hold it: NAL units behind lengths.
std::vector<std::uint8_t> WithLengths(const LoopFrame& frame) {
  std::vector<std::uint8_t> unit;
  for (const auto nal : frame.nals) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      unit.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
    }
    unit.insert(unit.end(), nal.begin(), nal.end());
  }
  return unit;
}

struct FfmpegCase {
  const char* loop;
  std::optional<AuthScheme> scheme;
};

class FfmpegTest : public ::testing::TestWithParam<FfmpegCase> {};

TEST_P(FfmpegTest, RecordsIntactConsecutiveFrames) {
  const TemporaryFolder folder;
  const SystemClock clock;
  FarmOptions options;
  options.groups = {{.loops = {Loop(GetParam().loop)}, .rate = FrameRate{60, 1}}};
  std::string user;
  if (GetParam().scheme) {
    options.credentials = Credentials{"viewer", "secret"};
    options.auth_scheme = *GetParam().scheme;
    user = "viewer:secret@";
  }
  const auto farm = CameraFarm::Start(options, clock).value();
  const std::string url =
      "rtsp://" + user + "127.0.0.1:" + std::to_string(farm->port()) + "/camera/1";
  const auto file = folder.path() / "taken.h264";
  const auto ran = testing::RunToEnd(
      {.arguments = {"ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-c",
                     "copy", "-frames:v", "150", "-f", "h264", file.string()},
       .output = folder.path() / "ffmpeg.log"},
      seconds(50));
  ASSERT_TRUE(ran.has_value()) << ToString(ran.error());

  const LoopFile taken = ReadLoopFile(file).value();
  ASSERT_GE(taken.frames.size(), 140u);
  std::optional<std::uint64_t> last;
  for (const LoopFrame& frame : taken.frames) {
    const StampedUnit unit = ReadStampedUnit(WithLengths(frame)).value();
    ASSERT_TRUE(unit.stamp.has_value());
    if (last) {
      // The first frame is another matter: a stream copy puts the SDP's parameter sets before it.
      EXPECT_TRUE(unit.intact()) << "frame " << unit.stamp->number;
      EXPECT_EQ(unit.stamp->number, *last + 1);
    }
    last = unit.stamp->number;
  }
}

INSTANTIATE_TEST_SUITE_P(Loops, FfmpegTest,
                         ::testing::Values(FfmpegCase{"main.h264", std::nullopt},
                                           FfmpegCase{"high_b.h264", AuthScheme::kDigestMd5},
                                           FfmpegCase{"slices.h264", AuthScheme::kBasic}),
                         [](const auto& which) {
                           const std::string name = which.param.loop;
                           return name.substr(0, name.find('.'));
                         });

TEST(SimulateCommand, SaysWhereItsCamerasAreAndCompletesItsLogWhenToldToEnd) {
  const TemporaryFolder folder;
  const auto log = folder.path() / "sent.log";
  const auto output = folder.path() / "output";
  auto command = ChildProcess::Start({.arguments = {YAGURA_SIMULATE, Loop("main.h264"), log},
                                      .output = output,
                                      .input = "viewer\nsecret\n"})
                     .value();
  const SystemClock clock;
  const MonoTime from = clock.Monotonic();
  std::string url;
  while (url.empty() && clock.Monotonic() - from < seconds(20)) {
    const std::string text = TextOf(output);
    const std::size_t at = text.find("rtsp://");
    if (text.ends_with('\n') && at != std::string::npos)
      url = text.substr(at, text.size() - at - 1);
  }
  ASSERT_FALSE(url.empty()) << TextOf(output);
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  testing::RtspWatcher watcher(port);
  EXPECT_EQ(watcher.Ask("DESCRIBE", url).status, 401);
  command.Signal(SIGTERM);
  EXPECT_EQ(command.Wait(seconds(20)).value(), (ExitStatus{0, 0}));
  EXPECT_TRUE(watcher.Ended(milliseconds(30'000)));
  EXPECT_EQ(LoadSentLog(log).value().cameras.size(), 3u);
  EXPECT_EQ(TextOf(output).find("secret"), std::string::npos);
}

}  // namespace
}  // namespace yagura::simulate
