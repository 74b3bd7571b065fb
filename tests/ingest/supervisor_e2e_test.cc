// A whole supervisor against simulated cameras over real sockets: what goes into the wire comes out
// of the sink.
#include <gmock/gmock.h>

#include <thread>
#include <utility>

#include "ingest/supervisor.h"
#include "tests/ingest/farm_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using testing::ExpectUnbroken;
using testing::RecordingSink;
using testing::StampOf;
using namespace std::chrono_literals;

class SupervisorTest : public testing::FarmFixture {};

/// The difference allowed between a frame's capture and the wall time that we give it, on a machine
/// that does much else; alone it is some milliseconds.
constexpr microseconds kWallError{250'000};

TEST_F(SupervisorTest, EveryFrameOfEveryKindOfCameraComesOnceWithItsTime) {
  using simulate::ParameterSets;
  farm_options_.groups = {
      {.count = 2, .loops = {Loop("main.h264")}},
      {.count = 1, .loops = {Loop("high_b.h264")}, .drift_ppm = 200},
      {.count = 1, .loops = {Loop("slices.h264")}, .parameter_sets = ParameterSets::kSdpOnly},
      {.count = 1, .loops = {Loop("aud.h264")}, .parameter_sets = ParameterSets::kInBandOnly},
      {.count = 1, .loops = {Loop("gop_half.h264")}},
      {.count = 1, .loops = {Loop("main.h265")}, .parameter_sets = ParameterSets::kSdpOnly},
      {.count = 1, .loops = {Loop("rich_b.h265")}, .parameter_sets = ParameterSets::kInBandOnly},
      {.count = 1, .loops = {Loop("rich_b.h265")}},
      {.count = 1, .loops = {Loop("main.mjpeg")}},
      {.count = 1, .loops = {Loop("restarts.mjpeg")}},
  };
  StartFarm();
  std::vector<Recorded> cameras;
  for (std::uint32_t camera = 1; camera <= farm_->camera_count(); ++camera)
    cameras.push_back(Record(farm_->Url(camera)));
  supervisor_.SetWatched({cameras[0].id}, true);
  for (const Recorded& camera : cameras) ASSERT_TRUE(camera.sink->WaitForUnits(60));
  const CameraStatus status = StatusOf(cameras[0].id);
  EXPECT_EQ(status.state, CameraState::kStreaming);
  EXPECT_EQ(status.reason, std::nullopt);
  EXPECT_GE(status.frames, 60u);
  ASSERT_TRUE(status.clock_offset.has_value()) << "by its sender reports";
  EXPECT_LT(std::chrono::abs(*status.clock_offset), 500ms);
  supervisor_.Stop();
  const Captured captured = EndFarm();

  for (const Recorded& camera : cameras) {
    const auto units = camera.sink->units();
    ExpectUnbroken(units);
    EXPECT_THAT(camera.sink->reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
    EXPECT_EQ(units[0].pts.ticks_90k, 900'000);
    EXPECT_EQ(units[0].format->width_px, 320u);
    const bool jpeg = units[0].format->codec == Codec::kJpeg;  // in RTP in blocks of 8 lines
    EXPECT_EQ(units[0].format->height_px, jpeg ? 184u : 180u);
    for (const AccessUnit& unit : units) {
      const FrameStamp stamp = StampOf(unit);
      const microseconds error = unit.wall - captured.at({stamp.epoch, stamp.number});
      EXPECT_LT(std::chrono::abs(error), kWallError + standstill_.so_far())
          << "camera " << stamp.camera << " frame " << stamp.number;
    }
  }
}

TEST_F(SupervisorTest, FramesInPresentationOrderHaveRisingTimes) {
  farm_options_.groups = {
      {.count = 1, .loops = {Loop("high_b.h264")}, .rate = simulate::FrameRate{60, 1}}};
  StartFarm();
  const Recorded camera = Record(farm_->Url(1));
  ASSERT_TRUE(camera.sink->WaitForUnits(180));
  supervisor_.Stop();
  std::map<std::uint64_t, AccessUnit> shown;
  for (const AccessUnit& unit : camera.sink->units()) shown[StampOf(unit).presentation] = unit;
  std::uint64_t last_place = shown.begin()->first;
  AccessUnit last = shown.begin()->second;
  for (const auto& [place, unit] : shown) {
    EXPECT_EQ(unit.pts.ticks_90k - last.pts.ticks_90k,
              static_cast<std::int64_t>(place - last_place) * 1'500);
    EXPECT_TRUE(unit.wall > last.wall || place == last_place);
    last_place = place;
    last = unit;
  }
}

class AuthenticationTest : public testing::FarmFixture,
                           public ::testing::WithParamInterface<simulate::AuthScheme> {};

TEST_P(AuthenticationTest, WrongCredentialsAreNamedAndRightOnesTakenAtOnce) {
  farm_options_.credentials = {{"viewer", "p \"q\" 1"}};
  farm_options_.auth_scheme = GetParam();
  StartFarm();
  const Recorded camera = Record(farm_->Url(1), "viewer", "wrong");
  ASSERT_TRUE(camera.sink->WaitForReason(GapReason::kAuthenticationFailed));
  const CameraStatus status = StatusOf(camera.id);
  EXPECT_EQ(status.state, CameraState::kBackingOff);
  EXPECT_EQ(status.sessions, 1u) << "waits long before the next attempt";
  EXPECT_THAT(status.last_error, ::testing::Not(::testing::HasSubstr("wrong")));
  ASSERT_TRUE(
      supervisor_.Set({camera.id, farm_->Url(1), "viewer", "p \"q\" 1"}, camera.sink).has_value());
  EXPECT_TRUE(camera.sink->WaitForUnits(5));
}
INSTANTIATE_TEST_SUITE_P(EachScheme, AuthenticationTest,
                         ::testing::Values(simulate::AuthScheme::kBasic,
                                           simulate::AuthScheme::kDigestMd5,
                                           simulate::AuthScheme::kDigestSha256));

TEST_F(SupervisorTest, ASubStreamIsNotAskedForWhereTheMainOneIsRefused) {
  farm_options_.credentials = {{"viewer", "right"}};
  StartFarm();
  const Recorded main = Record(farm_->Url(1), "viewer", "wrong");
  ASSERT_TRUE(main.sink->WaitForReason(GapReason::kAuthenticationFailed));
  const auto sub = std::make_shared<RecordingSink>();
  CameraSource source{main.id, farm_->Url(1), "viewer", "wrong"};
  source.stream = Stream::kSub;
  ASSERT_TRUE(supervisor_.Set(source, sub).has_value());
  const auto sessions_of_sub = [&] {
    for (const auto& status : supervisor_.Status())
      if (status.stream == Stream::kSub) return status.sessions;
    return std::uint64_t{99};
  };
  EXPECT_EQ(sessions_of_sub(), 0u) << "the camera has seen enough wrong passwords for this minute";
  ASSERT_TRUE(supervisor_.Set({main.id, farm_->Url(1), "viewer", "right"}, main.sink).has_value());
  EXPECT_TRUE(main.sink->WaitForUnits(5));
}

TEST_F(SupervisorTest, ARebootedCameraRecordsAgainSoonAndTheGapHasItsReasons) {
  farm_options_.groups = {{.count = 2, .loops = {Loop("gop_half.h264")}}};
  StartFarm();
  const Recorded rebooted = Record(farm_->Url(1));
  const Recorded other = Record(farm_->Url(2));
  ASSERT_TRUE(rebooted.sink->WaitForUnits(15));
  farm_->StopCamera(1);
  ASSERT_TRUE(rebooted.sink->WaitForReason(GapReason::kCameraUnreachable));
  std::this_thread::sleep_for(3s);  // it takes its time to start
  farm_->StartCamera(1);
  const auto back = clock_.Monotonic();
  ASSERT_TRUE(rebooted.sink->WaitForMoreUnits(1));
  EXPECT_LT(clock_.Monotonic() - back, 5s + standstill_.so_far()) << "promised: 3 s";
  ASSERT_TRUE(rebooted.sink->WaitForMoreUnits(10));
  supervisor_.Stop();

  const auto events = rebooted.sink->events();
  WallTime end;  // of the last frame
  for (std::size_t i = 1; i < events.size(); ++i) {
    const auto* unit = std::get_if<AccessUnit>(&events[i - 1]);
    const auto* gap = std::get_if<testing::Interruption>(&events[i]);
    if (unit == nullptr || gap == nullptr) continue;
    EXPECT_LT(std::chrono::abs(gap->from - (unit->wall + 100ms)), 1ms)
        << "the gap begins where the last frame ends";
  }
  EXPECT_GT(rebooted.sink->units().back().timeline, rebooted.sink->units().front().timeline);
  EXPECT_EQ(rebooted.sink->reasons().back(), GapReason::kWaitingForKeyframe);
  ExpectUnbroken(other.sink->units());
}

TEST_F(SupervisorTest, ASilentCameraIsNoticed) {
  StartFarm();
  const Recorded camera = Record(farm_->Url(1));
  const Recorded other = Record(farm_->Url(2));
  ASSERT_TRUE(camera.sink->WaitForUnits(5));
  farm_->SilenceCamera(1, true);
  const auto silent = clock_.Monotonic();
  ASSERT_TRUE(camera.sink->WaitForReason(GapReason::kCameraSilent));
  EXPECT_LT(clock_.Monotonic() - silent, 8s + standstill_.so_far()) << "promised: 5 s";
  farm_->SilenceCamera(1, false);
  EXPECT_TRUE(camera.sink->WaitForMoreUnits(5));
  supervisor_.Stop();
  ExpectUnbroken(other.sink->units());
}

/// Holds its thread up once, for longer than a camera may be silent.
class StallingSink final : public AccessUnitSink {
 public:
  void OnAccessUnit(AccessUnit) override {
    if (!std::exchange(stalled_, true)) std::this_thread::sleep_for(6s);
  }
  void OnInterruption(GapReason, WallTime) override {}

 private:
  bool stalled_ = false;
};

TEST_F(SupervisorTest, AStallOfOurOwnIsNotTheCamerasSilence) {
  farm_options_.groups = {{.count = 9, .loops = {Loop("main.h264")}}};
  StartFarm();
  Supervisor supervisor(clock_, {.threads = 1, .parsing_notes = {}});
  std::vector<std::shared_ptr<RecordingSink>> sinks;
  for (std::uint32_t camera = 1; camera <= 8; ++camera) {
    sinks.push_back(std::make_shared<RecordingSink>());
    ASSERT_TRUE(
        supervisor.Set({NewId<CameraId>(), farm_->Url(camera), "", ""}, sinks.back()).has_value());
  }
  for (const auto& sink : sinks) ASSERT_TRUE(sink->WaitForUnits(15));
  ASSERT_TRUE(
      supervisor.Set({NewId<CameraId>(), farm_->Url(9), "", ""}, std::make_shared<StallingSink>())
          .has_value());
  for (const auto& sink : sinks) ASSERT_TRUE(sink->WaitForUnits(15 + 8 * 15));
  supervisor.Stop();
  for (const auto& sink : sinks) {
    ExpectUnbroken(sink->units());
    EXPECT_THAT(sink->reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
  }
}

TEST_F(SupervisorTest, ACutConnectionIsMadeAnew) {
  StartFarm();
  const Recorded camera = Record(farm_->Url(1));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(camera.sink->WaitForMoreUnits(5));
    farm_->DropSessions(1);
    ASSERT_TRUE(camera.sink->WaitForReasons(GapReason::kCameraUnreachable,
                                            static_cast<std::size_t>(i) + 1));
  }
  EXPECT_TRUE(camera.sink->WaitForMoreUnits(5));
  EXPECT_EQ(StatusOf(camera.id).sessions, 4u);
}

TEST_F(SupervisorTest, CamerasComeAndGoWhileItRuns) {
  StartFarm();
  const Recorded stays = Record(farm_->Url(1));
  ASSERT_TRUE(stays.sink->WaitForUnits(5));
  for (int i = 0; i < 10; ++i) {
    const Recorded goes = Record(farm_->Url(2));
    if (i % 2 == 0) {
      ASSERT_TRUE(goes.sink->WaitForUnits(1));
    }
    supervisor_.Remove({goes.id});
    const std::size_t events = goes.sink->events().size();
    EXPECT_EQ(goes.sink.use_count(), 1) << "let go of";
    EXPECT_EQ(goes.sink->events().size(), events);
  }
  EXPECT_EQ(supervisor_.Status().size(), 1u);
  supervisor_.Remove({NewId<CameraId>()});
  supervisor_.Stop();
  supervisor_.Stop();
  ExpectUnbroken(stays.sink->units());
}

TEST_F(SupervisorTest, AChangedCameraIsAnotherOneWithTheSameSink) {
  StartFarm();
  const Recorded camera = Record(farm_->Url(1));
  ASSERT_TRUE(camera.sink->WaitForUnits(5));
  ASSERT_TRUE(supervisor_.Set({camera.id, farm_->Url(1), "", ""}, camera.sink).has_value());
  ASSERT_TRUE(camera.sink->WaitForMoreUnits(5));
  EXPECT_EQ(StatusOf(camera.id).sessions, 1u) << "nothing has changed";
  ASSERT_TRUE(supervisor_.Set({camera.id, farm_->Url(2), "", ""}, camera.sink).has_value());
  ASSERT_TRUE(camera.sink->WaitForMoreUnits(40));
  const auto units = camera.sink->units();
  EXPECT_EQ(StampOf(units.front()).camera, 1u);
  EXPECT_EQ(StampOf(units.back()).camera, 2u);
  EXPECT_GT(units.back().timeline, units.front().timeline);

  const auto replacement = std::make_shared<RecordingSink>();
  ASSERT_TRUE(supervisor_.Set({camera.id, farm_->Url(2), "", ""}, replacement).has_value());
  EXPECT_EQ(camera.sink.use_count(), 1) << "the old one is let go of";
  EXPECT_TRUE(replacement->WaitForUnits(5));
}

TEST_F(SupervisorTest, NamesAreLookedUp) {
  StartFarm();
  const Recorded named = Record("rtsp://localhost:" + std::to_string(farm_->port()) + "/camera/1");
  const Recorded unknown = Record("rtsp://no-such-host.invalid/camera/1");
  EXPECT_TRUE(named.sink->WaitForUnits(5));
  EXPECT_TRUE(unknown.sink->WaitForReason(GapReason::kCameraUnreachable));
}

TEST_F(SupervisorTest, RefusesWhatCannotBeACamera) {
  const auto sink = std::make_shared<RecordingSink>();
  const CameraId id = NewId<CameraId>();
  for (const CameraSource& source :
       {CameraSource{id, "http://127.0.0.1/", "", ""},
        CameraSource{id, "rtsp://u:p@127.0.0.1/", "", ""},
        CameraSource{id, "rtsp://127.0.0.1/", "a\r\nX: y", ""},
        CameraSource{id, "rtsp://127.0.0.1/", "a:b", ""},
        CameraSource{id, "rtsp://127.0.0.1/", "a", std::string(300, 'x')}}) {
    const auto set = supervisor_.Set(source, sink);
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code(), ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(supervisor_.Status().empty());
}

TEST_F(SupervisorTest, AHundredSessionsStandSoon) {
  farm_options_.groups = {{.count = 100, .loops = {Loop("gop_half.h264")}}};
  StartFarm();
  const auto begin = clock_.Monotonic();
  std::vector<Recorded> cameras;
  for (std::uint32_t camera = 1; camera <= 100; ++camera)
    cameras.push_back(Record(farm_->Url(camera)));
  for (const Recorded& camera : cameras)
    ASSERT_TRUE(camera.sink->WaitForReason(GapReason::kWaitingForKeyframe));
  EXPECT_LT(clock_.Monotonic() - begin, 6s + standstill_.so_far()) << "promised: 2 s";
  for (const Recorded& camera : cameras) ASSERT_TRUE(camera.sink->WaitForUnits(10));
  supervisor_.Stop();
  for (const Recorded& camera : cameras) ExpectUnbroken(camera.sink->units());
}

}  // namespace
}  // namespace yagura::ingest
