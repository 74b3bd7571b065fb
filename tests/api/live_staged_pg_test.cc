#include <gmock/gmock.h>

#include "api/media/live.h"
#include "api/media/live_hls.h"
#include "api/resources.h"
#include "tests/api/live_office.h"

// Operations watch a camera while it is set up, and only then; nobody else does.
namespace yagura::api {
namespace {

using access_control::Action;
using access_control::CameraState;
using access_control::Permit;
using access_control::Viewing;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Lt;

class LiveStagedTest : public ::testing::Test {
 protected:
  LiveStagedTest() {
    office_.office.SetState(staged_, CameraState::kStaged);
    office_.office.SetState(of_nobody_, CameraState::kStaged);
    office_.Open();
  }
  int StatusOf(CameraId camera, PersonId person, const char* what) {
    const std::string path = "/v1/cameras/" + ToString(camera) + what;
    return office_.served->Ask(path, office_.TokenOf(person), {}, "HEAD").status;
  }
  WallTime Now() const { return std::chrono::floor<microseconds>(office_.clock.Now()); }

  LiveOffice office_;
  CameraId staged_ = office_.office.AddCamera(office_.unit);
  CameraId of_nobody_ = office_.office.AddCamera();
  PersonId administrator_ =
      office_.office.AddHolder(access_control::Post::kAdministrator, office_.root);
  PersonId crisis_desk_ =
      office_.office.AddHolder(access_control::Post::kCrisisManagement, office_.root);
};

TEST_F(LiveStagedTest, IsForOperationsAlone) {
  for (const char* what : {"/live.mp4", "/live.m3u8", "/frame.jpg"}) {
    EXPECT_EQ(StatusOf(staged_, office_.operations, what), 200) << what;
    EXPECT_EQ(StatusOf(of_nobody_, office_.operations, what), 200) << what;
    EXPECT_EQ(StatusOf(office_.camera, office_.operations, what), 403) << what << ", in service";
    EXPECT_EQ(StatusOf(staged_, office_.head, what), 403) << what;
    EXPECT_EQ(StatusOf(staged_, crisis_desk_, what), 403) << what;
    EXPECT_EQ(StatusOf(staged_, administrator_, what), 403) << what;
    EXPECT_EQ(StatusOf(staged_, office_.other_head, what), 404) << what;
  }
  const std::string past =
      "/v1/cameras/" + ToString(staged_) + "/frame.jpg?at=" + FormatRfc3339(Now() - seconds(1));
  EXPECT_EQ(office_.served->Ask(past, office_.TokenOf(office_.operations)).status, 403)
      << "what was recorded of it is seen by nobody";
}

TEST_F(LiveStagedTest, IsAViewingThatEndsOnceTheCameraIsAccepted) {
  RawClient viewer(office_.served->media_port());
  viewer.Send("GET " + LiveOffice::PathOf(staged_) + " HTTP/1.1\r\nHost: x\r\nAuthorization: " +
              "Bearer " + office_.TokenOf(office_.operations) + "\r\n\r\n");
  std::string received = viewer.ReadUntil("made at");
  EXPECT_EQ(office_.stored.Run("SELECT person_id, camera_id FROM viewing WHERE action = "
                               "'live.play'"),
            ToString(office_.operations) + "|" + ToString(staged_));
  const WallTime end = Now() + seconds(3);
  office_.stored.Run("UPDATE camera_state SET valid_to = '" + FormatRfc3339(end) +
                     "' WHERE camera_id = '" + ToString(staged_) + "'");
  received += viewer.ReadAll(seconds(20));
  EXPECT_LT(Now(), end + seconds(2) + office_.standstill.so_far());
  EXPECT_THAT(FramesIn(received), Each(Lt(end)));
}

/// The way of a viewing without the listener, to have half an hour pass in seconds.
class StagedChainTest : public LiveStagedTest {
 protected:
  LiveViewing OpenFirst() {
    const WallTime from = Now();
    const auto work = [&](Permit& permit) -> Result<LiveViewing> {
      ASSIGN_OR_RETURN(
          Viewing viewing,
          permit.OpenViewing({staged_, office_.unit, {from, from + access_control::kViewingMax}}));
      return LiveViewing{std::move(viewing), WallTime::max(), LastUntil(permit)};
    };
    return gate_
        .EnterFor<LiveViewing>(caller_, access_control::DemandFor(Action::kLivePlay, staged_), work)
        .value();
  }

  pg::Pool pool_{office_.database->ConnectAs("yagura_media"), 4};
  access_control::FactsSource facts_{pool_};
  access_control::Gate gate_{pool_, facts_, office_.clock};
  Viewings viewings_{gate_, office_.clock};
  Transcoders transcoders_{{}, office_.clock};
  access_control::Caller caller_ = office_.stored.StartSession(office_.operations);
};

TEST_F(StagedChainTest, LastsHalfAnHourWhateverGoesOnFromIt) {
  const LiveViewing first = OpenFirst();
  EXPECT_LT(first.last_until, Now() + std::chrono::minutes(30));
  EXPECT_GT(first.last_until, Now() + std::chrono::minutes(29));
  const OpenViewing nearly_over(caller_, first.viewing, Now() + seconds(60));
  const auto next = OpenNextLive(gate_, nearly_over, Now());
  ASSERT_TRUE(next.has_value()) << ToString(next.error());
  EXPECT_EQ(next->last_until, nearly_over.last_until());
  EXPECT_EQ(next->viewing.interval().to, nearly_over.last_until());
}

TEST_F(StagedChainTest, BegunAnewItIsAnotherViewingOnRecord) {
  const LiveViewing first = OpenFirst();
  const auto open = std::make_shared<OpenViewing>(caller_, first.viewing, first.last_until);
  ASSERT_TRUE(viewings_.Add(open).has_value());
  const WallTime over = first.viewing.interval().to;
  EXPECT_NE(viewings_.FindLive(caller_, staged_, over), nullptr);
  EXPECT_EQ(viewings_.FindLive(caller_, staged_, over + microseconds(1)), nullptr)
      << "nothing from after its end goes on in it";
  EXPECT_GT(OpenFirst().last_until, first.last_until);
  EXPECT_EQ(office_.stored.Run("SELECT count(*) FROM audit_record WHERE event = 'viewing_opened'"),
            "2");
}

TEST_F(StagedChainTest, ShowsNothingFromAfterItsEnd) {
  const LiveViewing first = OpenFirst();
  const WallTime end = Now() + seconds(3);
  const auto open = std::make_shared<OpenViewing>(caller_, first.viewing, end);
  open->Trust(office_.clock.Monotonic(), WallTime::max());
  ASSERT_TRUE(viewings_.Add(open).has_value());
  LiveHub hub({.socket_path = office_.socket()}, {gate_, viewings_, transcoders_, office_.clock});
  const auto viewer = hub.Watch({{{staged_}}, first.viewing.interval().from}, open).value();
  std::string received;
  for (;;) {
    const auto taken = viewer->Take();
    if (taken.state == LiveSource::State::kEnd) break;
    received += std::string(taken.bytes.bytes().begin(), taken.bytes.bytes().end());
    ASSERT_LT(Now(), end + seconds(10));
    if (taken.state == LiveSource::State::kWait) std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_GE(Now(), end);
  EXPECT_LT(Now(), end + seconds(2) + office_.standstill.so_far());
  EXPECT_THAT(received, HasSubstr("made at"));
  EXPECT_THAT(FramesIn(received), Each(Lt(end)));
}

/// A player that was left running asks for ever.
TEST_F(StagedChainTest, ByHlsItIsOverTooHoweverLongAPlayerGoesOn) {
  const LiveViewing first = OpenFirst();
  const WallTime end = Now() + seconds(3);
  const auto open = std::make_shared<OpenViewing>(caller_, first.viewing, end);
  open->Trust(office_.clock.Monotonic(), WallTime::max());
  ASSERT_TRUE(viewings_.Add(open).has_value());
  LiveHub hub({.socket_path = office_.socket()}, {gate_, viewings_, transcoders_, office_.clock});
  const Request request;
  const Guard guard(Action::kLivePlay, CameraInPath());
  const auto ask = [&](const access_control::Caller& caller) {
    Call call(request);
    call.path["id"] = ToString(staged_);
    call.caller = caller;
    const auto shown =
        ShowLivePlaylist(Entrance(gate_, call, guard), {viewings_, hub, office_.clock});
    return shown.has_value() ? ErrorCode::kUnimplemented : shown.error().code();
  };
  EXPECT_EQ(ask(caller_), ErrorCode::kUnimplemented);
  while (Now() < end) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(ask(caller_), ErrorCode::kPermissionDenied);
  EXPECT_EQ(ask(caller_), ErrorCode::kPermissionDenied);
  EXPECT_EQ(ask(office_.stored.StartSession(office_.operations)), ErrorCode::kUnimplemented)
      << "begun anew";
}

}  // namespace
}  // namespace yagura::api
