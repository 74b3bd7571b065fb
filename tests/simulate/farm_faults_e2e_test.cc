// The farm with a fault script, as its clients see it. What must meet a client that plays is
// scripted again and again, and awaited.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "simulate/camera_farm.h"
#include "tests/support/child_process_posix.h"
#include "tests/support/rtsp_watcher.h"

namespace yagura::simulate {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::RtspWatcher;
using testing::TemporaryFolder;
using testing::WatchedFrame;

std::filesystem::path Loop(const std::string& name) {
  return std::filesystem::path(YAGURA_TEST_LOOPS) / name;
}

StampedUnit Read(const WatchedFrame& frame) { return ReadStampedUnit(frame.unit).value(); }

/// `fault` each fifth of a second, for minutes.
std::string AgainAndAgain(const std::string& fault) {
  std::string script;
  for (int i = 0; i < 1000; ++i) {
    script += std::to_string(i / 5) + "." + std::to_string(i % 5 * 2) + " 1 " + fault + "\n";
  }
  return script;
}

class FarmFaultsTest : public ::testing::Test {
 protected:
  Result<void> Start(const std::string& script) {
    options_.faults = folder_.path() / "faults.txt";
    options_.sent_log = folder_.path() / "sent.log";
    std::ofstream(options_.faults) << script;
    ASSIGN_OR_RETURN(farm_, CameraFarm::Start(options_, clock_));
    return {};
  }
  int Describe() { return RtspWatcher(farm_->port()).Ask("DESCRIBE", farm_->Url(1)).status; }
  /// Plays until `done(frame)`; all frames until then, each intact.
  template <class Done>
  std::vector<WatchedFrame> PlayUntil(RtspWatcher& watcher, Done done) {
    std::vector<WatchedFrame> frames;
    while (auto frame = watcher.NextFrame()) {
      frames.push_back(std::move(*frame));
      if (done(frames.back())) return frames;
    }
    ADD_FAILURE() << "no more frames";
    return frames;
  }
  SentLog EndAndLoad() {
    farm_.reset();
    return LoadSentLog(options_.sent_log).value();
  }

  const SystemClock clock_;
  const TemporaryFolder folder_;
  FarmOptions options_{
      .groups = {{.count = 1, .loops = {Loop("main.h264")}, .rate = FrameRate{100, 1}}}};
  std::unique_ptr<CameraFarm> farm_;
};

TEST_F(FarmFaultsTest, FramesBrokenByTheScriptAreMarkedInTheLog) {
  ASSERT_TRUE(Start(AgainAndAgain("drop packets=1")).has_value());
  {
    RtspWatcher watcher(farm_->port());
    ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
    PlayUntil(watcher, [&](const auto&) { return watcher.sequence_breaks() >= 2; });
  }
  const SentLog log = EndAndLoad();
  const auto broken = std::ranges::count_if(log.frames, &SentFrame::broken);
  EXPECT_GE(broken, 2);
  EXPECT_LT(broken, static_cast<std::ptrdiff_t>(log.frames.size()));
}

TEST_F(FarmFaultsTest, OtherFootageBeginsWithItsKeyframeAndFrameNumbersGoOn) {
  ASSERT_TRUE(
      Start(AgainAndAgain("footage for=0.1 loop=" + Loop("small.h264").string())).has_value());
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  int seen = 0;
  std::set<std::size_t> sizes;  // parameter sets and SEI of two loops are of different length
  const auto frames = PlayUntil(watcher, [&](const WatchedFrame& frame) {
    if (frame.keyframe) sizes.insert(frame.unit.size());
    return sizes.size() >= 2 && ++seen > 200;
  });
  const std::uint64_t first = Read(frames.front()).stamp->number;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const StampedUnit unit = Read(frames[i]);
    ASSERT_TRUE(unit.intact());
    EXPECT_EQ(unit.stamp->number, first + i);
    EXPECT_EQ(unit.stamp->presentation, first + i);
  }
  EXPECT_EQ(watcher.sequence_breaks(), 0);
}

TEST_F(FarmFaultsTest, AResetEndsTheConnectionAndTheCameraRunsOn) {
  ASSERT_TRUE(Start(AgainAndAgain("reset")).has_value());
  RtspWatcher watcher(farm_->port());
  watcher.Ask("OPTIONS", farm_->Url(1));
  EXPECT_TRUE(watcher.Ended(seconds(30)));
  EXPECT_EQ(EndAndLoad().epochs.size(), 1u);
}

TEST_F(FarmFaultsTest, ARebootIsAnotherEpoch) {
  ASSERT_TRUE(Start("0.2 1 reboot for=0.1\n").has_value());
  while (farm_->FlushLog().has_value()) {
    if (LoadSentLog(options_.sent_log).value().epochs.size() == 2) break;
    RtspWatcher(farm_->port()).Ask("OPTIONS", farm_->Url(1));
  }
  const SentLog log = EndAndLoad();
  ASSERT_EQ(log.epochs.size(), 2u);
  EXPECT_NE(log.epochs[0].epoch, log.epochs[1].epoch);
}

TEST_F(FarmFaultsTest, AnswersErrorsUntilTheFaultEnds) {
  ASSERT_TRUE(Start("0 1 answer for=1000 status=503 method=SETUP\n").has_value());
  while (RtspWatcher(farm_->port()).Play(farm_->Url(1)) != 503) {
  }
  EXPECT_EQ(Describe(), 200);
}

TEST_F(FarmFaultsTest, NobodysCredentialsAreGoodUntilTheFaultEnds) {
  ASSERT_TRUE(Start(AgainAndAgain("credentials for=0.1")).has_value());
  while (Describe() != 401) {
  }
  while (Describe() != 200) {
  }
}

TEST_F(FarmFaultsTest, TheCamerasClockIsAYearWrong) {
  ASSERT_TRUE(Start("0 1 clock step=31536000\n").has_value());
  RtspWatcher(farm_->port()).Ask("OPTIONS", farm_->Url(1));
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  PlayUntil(watcher, [&](const auto&) { return !watcher.reports().empty(); });
  const auto& report = watcher.reports().front();
  const std::int64_t shown =
      (std::int64_t{report[8]} << 24 | report[9] << 16 | report[10] << 8 | report[11]) -
      2'208'988'800;
  const auto now = std::chrono::floor<seconds>(clock_.Now().time_since_epoch()).count();
  EXPECT_NEAR(static_cast<double>(shown - now), 31'536'000, 60);
}

TEST_F(FarmFaultsTest, AScriptThatCannotBePlayedStartsNothing) {
  const auto why = [this](const std::string& script) { return Start(script).error(); };
  EXPECT_THAT(why("1 1 reset\n1 2 reset\n").message(), HasSubstr("line 2: \"2\""));
  EXPECT_EQ(why("1 1 footage for=1 loop=/nowhere\n").code(), ErrorCode::kNotFound);
  const auto other = [&](const char* loop) {
    return why("1 1 footage for=1 loop=" + Loop(loop).string()).message();
  };
  EXPECT_THAT(other("main.h265"), HasSubstr("another codec"));
  EXPECT_THAT(other("high_b.h264"), HasSubstr("reordered"));
  options_.groups[0].parameter_sets = ParameterSets::kSdpOnly;
  EXPECT_THAT(other("small.h264"), HasSubstr("only in the SDP"));
}

}  // namespace
}  // namespace yagura::simulate
