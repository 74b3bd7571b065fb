#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/frame_stamp.h"
#include "core/sent_log.h"
#include "simulate/camera_farm.h"
#include "tests/support/rtsp_watcher.h"

namespace yagura::simulate {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
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

TEST_F(CameraFarmTest, PresentationOrderAndTimestampsFollowThePictureOrderWithBFrames) {
  options_.groups = {{.count = 1, .loops = {Loop("high_b.h264")}, .rate = kFast}};
  Start();
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  auto frames = Take(watcher, 300);  // the loop has 120
  ASSERT_THAT(frames, SizeIs(300));
  const auto first_keyframe = std::ranges::find(frames, true, &WatchedFrame::keyframe);
  frames.erase(frames.begin(), first_keyframe);
  frames.resize(240);  // whole GOPs of 30
  const std::uint64_t first = Read(frames.front()).stamp->presentation;
  bool reordered = false;
  std::vector<std::uint64_t> shown;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const FrameStamp stamp = *Read(frames[i]).stamp;
    shown.push_back(stamp.presentation);
    reordered = reordered || stamp.presentation != first + i;
    // Timestamps are presentation times: one step of the index is one frame interval.
    EXPECT_EQ(
        static_cast<std::int32_t>(frames[i].rtp_time - frames[0].rtp_time),
        (static_cast<std::int64_t>(stamp.presentation) - static_cast<std::int64_t>(first)) * 450);
  }
  EXPECT_TRUE(reordered);
  std::ranges::sort(shown);
  for (std::size_t i = 0; i < shown.size(); ++i) ASSERT_EQ(shown[i], first + i);
}

TEST_F(CameraFarmTest, TheLogNamesExactlyTheFramesThatWereSent) {
  Start();
  std::vector<WatchedFrame> frames;
  {
    RtspWatcher watcher(farm_->port());
    ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
    frames = Take(watcher, 50);
    ASSERT_EQ(watcher.Ask("TEARDOWN", farm_->Url(1)).status, 200);
    while (auto frame = watcher.NextFrame(milliseconds(100))) frames.push_back(std::move(*frame));
  }
  const SentLog log = EndAndLoad();
  EXPECT_THAT(log.cameras, SizeIs(2));
  EXPECT_THAT(log.epochs, SizeIs(2));
  ASSERT_THAT(log.sessions, SizeIs(1));
  ASSERT_THAT(log.ends, SizeIs(1));
  EXPECT_EQ(log.ends[0].reason, SessionEnd::kTeardown);
  ASSERT_EQ(log.frames.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const StampedUnit unit = Read(frames[i]);
    EXPECT_EQ(log.frames[i].session, log.sessions[0].session);
    EXPECT_EQ(log.frames[i].number, unit.stamp->number);
    EXPECT_EQ(log.frames[i].crc, unit.crc);
    EXPECT_EQ(log.frames[i].rtp_time, frames[i].rtp_time);
    EXPECT_EQ(log.frames[i].keyframe, frames[i].keyframe);
    EXPECT_LE(log.frames[i].captured, frames[i].arrived);
    EXPECT_LE(log.frames[i].captured, log.frames[i].sent);
  }
  EXPECT_EQ(log.sessions[0].epoch, Read(frames[0]).stamp->epoch);
  EXPECT_EQ(log.sessions[0].first_number, log.frames[0].number);
}

TEST_F(CameraFarmTest, FramesCountOnWhileNobodyIsConnected) {
  Start();
  const auto number_now = [&] {
    RtspWatcher watcher(farm_->port());
    EXPECT_EQ(watcher.Play(farm_->Url(1)), 200);
    return *Read(*watcher.NextFrame()).stamp;
  };
  const FrameStamp before = number_now();
  const MonoTime from = clock_.Monotonic();
  while (clock_.Monotonic() - from < milliseconds(100)) {
    RtspWatcher(farm_->port()).Ask("OPTIONS", farm_->Url(1));
  }
  const FrameStamp after = number_now();
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_GE(after.number, before.number + 20);  // 200 a second
}

TEST_F(CameraFarmTest, ParameterSetsGoWhereTheGroupSays) {
  constexpr std::uint8_t kSps = 7;
  const auto holds_sps = [](const WatchedFrame& frame) { return (frame.unit[4] & 0x1f) == kSps; };
  const std::filesystem::path loop = Loop("main.h264");
  options_.groups = {{.loops = {loop}, .rate = kFast, .parameter_sets = ParameterSets::kSdpOnly},
                     {.loops = {loop}, .rate = kFast, .parameter_sets = ParameterSets::kInBandOnly},
                     {.loops = {loop}, .rate = kFast}};
  Start();
  const auto watch = [&](std::uint32_t camera) {
    RtspWatcher watcher(farm_->port());
    EXPECT_EQ(watcher.Play(farm_->Url(camera)), 200);
    const auto frames = Take(watcher, 40);
    for (const WatchedFrame& frame : frames) EXPECT_TRUE(Read(frame).intact());
    return std::pair(watcher.sdp().find("sprop-parameter-sets=Z01A") != std::string::npos,
                     std::ranges::any_of(frames, holds_sps));
  };
  EXPECT_EQ(watch(1), std::pair(true, false));
  EXPECT_EQ(watch(2), std::pair(false, true));
  EXPECT_EQ(watch(3), std::pair(true, true));
}

TEST_F(CameraFarmTest, SlicesAndDelimitersArriveIntact) {
  options_.groups = {{.count = 2, .loops = {Loop("slices.h264"), Loop("aud.h264")}, .rate = kFast}};
  Start();
  for (const std::uint32_t camera : {1U, 2U}) {
    RtspWatcher watcher(farm_->port());
    ASSERT_EQ(watcher.Play(farm_->Url(camera)), 200);
    for (const WatchedFrame& frame : Take(watcher, 70)) EXPECT_TRUE(Read(frame).intact());
  }
}

TEST_F(CameraFarmTest, AFastClockBringsFramesSooner) {
  // 20 % beyond what any camera does, so that a second shows it.
  options_.groups = {
      {.loops = {Loop("main.h264")}, .rate = FrameRate{50, 1}},
      {.loops = {Loop("main.h264")}, .rate = FrameRate{50, 1}, .drift_ppm = 200'000}};
  Start();
  for (const std::uint32_t camera : {1U, 2U}) {
    RtspWatcher watcher(farm_->port());
    ASSERT_EQ(watcher.Play(farm_->Url(camera)), 200);
    ASSERT_THAT(Take(watcher, 61), SizeIs(61));
  }
  const SentLog log = EndAndLoad();
  const auto captured_span = [&](std::size_t session) {
    std::vector<WallTime> captured;
    for (const SentFrame& frame : log.frames) {
      if (frame.session == log.sessions[session].session) captured.push_back(frame.captured);
    }
    return std::chrono::duration<double>(captured[60] - captured[0]).count();
  };
  EXPECT_NEAR(captured_span(0), 1.2, 0.05);
  EXPECT_NEAR(captured_span(1), 1.0, 0.05);
}

TEST_F(CameraFarmTest, AsksForCredentialsByEachScheme) {
  options_.credentials = Credentials{"viewer", "open: sesame"};
  for (const AuthScheme scheme :
       {AuthScheme::kBasic, AuthScheme::kDigestMd5, AuthScheme::kDigestSha256}) {
    options_.auth_scheme = scheme;
    Start();
    RtspWatcher watcher(farm_->port());
    EXPECT_EQ(watcher.Ask("OPTIONS", farm_->Url(1)).status, 200);
    const auto refused = watcher.Ask("DESCRIBE", farm_->Url(1));
    EXPECT_EQ(refused.status, 401);
    EXPECT_THAT(refused.Header("WWW-Authenticate"),
                HasSubstr(scheme == AuthScheme::kBasic ? "Basic realm=\"camera\"" : "nonce=\""));
    EXPECT_EQ(watcher.Ask("SETUP", farm_->Url(1), "Transport: RTP/AVP/TCP\r\n").status, 401);
    farm_.reset();
  }
}

TEST_F(CameraFarmTest, RefusesWhatItDoesNotServe) {
  Start();
  RtspWatcher watcher(farm_->port());
  const std::string url = farm_->Url(1);
  EXPECT_EQ(watcher.Ask("DESCRIBE", farm_->Url(3)).status, 404);
  EXPECT_EQ(watcher.Ask("DESCRIBE", "rtsp://127.0.0.1/elsewhere").status, 404);
  EXPECT_EQ(watcher.Ask("PLAY", url).status, 454);
  EXPECT_EQ(watcher.Ask("RECORD", url).status, 501);
  const std::string udp = "Transport: RTP/AVP;unicast;client_port=5000-5001\r\n";
  EXPECT_EQ(watcher.Ask("SETUP", url + "/trackID=0", udp).status, 461);
  EXPECT_EQ(watcher.Ask("GET_PARAMETER", url).status, 200);
}

TEST_F(CameraFarmTest, SendsReportsThatTieItsClockToItsTimestamps) {
  Start();
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  Take(watcher, 1);
  ASSERT_THAT(watcher.reports(), SizeIs(1));
  const auto& report = watcher.reports()[0];
  EXPECT_THAT(report, SizeIs(48));
  EXPECT_EQ(report[1], 200);
  EXPECT_EQ(report[29], 202);
}

TEST_F(CameraFarmTest, AStoppedCameraIsGoneAndComesBackInANewEpoch) {
  Start();
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  const FrameStamp before = *Read(*watcher.NextFrame()).stamp;
  farm_->StopCamera(1);
  EXPECT_TRUE(watcher.Ended(milliseconds(30'000)));
  EXPECT_EQ(RtspWatcher(farm_->port()).Play(farm_->Url(1)), 0);
  EXPECT_EQ(RtspWatcher(farm_->port()).Play(farm_->Url(2)), 200);

  farm_->StartCamera(1);
  RtspWatcher again(farm_->port());
  ASSERT_EQ(again.Play(farm_->Url(1)), 200);
  EXPECT_NE(Read(*again.NextFrame()).stamp->epoch, before.epoch);
}

TEST_F(CameraFarmTest, ASilentCameraKeepsItsConnectionAndItsCount) {
  Start();
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  farm_->SilenceCamera(1, true);
  std::uint64_t last = 0;
  while (const auto frame = watcher.NextFrame(milliseconds(200))) last = Read(*frame).stamp->number;
  farm_->SilenceCamera(1, false);
  const auto frame = watcher.NextFrame();
  ASSERT_TRUE(frame.has_value());
  EXPECT_GE(Read(*frame).stamp->number, last + 30);  // 200 ms of silence were 40 frames
}

TEST_F(CameraFarmTest, DroppedSessionsCanComeBackInTheSameEpoch) {
  Start();
  RtspWatcher watcher(farm_->port());
  RtspWatcher other(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  ASSERT_EQ(other.Play(farm_->Url(2)), 200);
  const FrameStamp before = *Read(*watcher.NextFrame()).stamp;
  farm_->DropSessions(1);
  EXPECT_TRUE(watcher.Ended(milliseconds(30'000)));
  RtspWatcher again(farm_->port());
  ASSERT_EQ(again.Play(farm_->Url(1)), 200);
  EXPECT_EQ(Read(*again.NextFrame()).stamp->epoch, before.epoch);
  EXPECT_EQ(Take(other, 100).size(), 100u);
  EXPECT_EQ(other.sequence_breaks(), 0);
}

TEST_F(CameraFarmTest, AClientThatStopsReadingIsDroppedAndOnlyWholeFramesAreLogged) {
  options_.backlog_max_bytes = 100'000;
  options_.groups[0].rate = FrameRate{20'000, 1};  // fills the kernel's buffers soon
  options_.groups[0].count = 1;
  Start();
  RtspWatcher watcher(farm_->port());
  ASSERT_EQ(watcher.Play(farm_->Url(1)), 200);
  const MonoTime from = clock_.Monotonic();
  while (farm_->counts().clients_dropped == 0 && clock_.Monotonic() - from < milliseconds(20'000)) {
    std::this_thread::yield();
  }
  ASSERT_EQ(farm_->counts().clients_dropped, 1u);
  std::uint64_t received = 0;
  while (watcher.NextFrame(milliseconds(1000))) ++received;
  const SentLog log = EndAndLoad();
  EXPECT_EQ(log.ends.at(0).reason, SessionEnd::kClientSlow);
  // The kernel delivers what it took, and the connection's end after it: a frame noted too early
  // would be missing.
  EXPECT_EQ(log.frames.size(), received);
}

TEST_F(CameraFarmTest, SaysWhatIsWrongWithItsOptions) {
  options_.groups[0].loops = {Loop("nowhere.h264")};
  EXPECT_EQ(CameraFarm::Start(options_, clock_).error().code(), ErrorCode::kNotFound);
  options_.groups[0].loops = {};
  EXPECT_EQ(CameraFarm::Start(options_, clock_).error().code(), ErrorCode::kInvalidArgument);
  options_.groups[0].loops = {Loop("main.h264")};
  Start();
  options_.port = farm_->port();
  EXPECT_EQ(CameraFarm::Start(options_, clock_).error().code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yagura::simulate
