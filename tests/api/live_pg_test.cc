#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/api/live_office.h"

// Live pictures over a real listener, a real relay and a real database.
namespace yagura::api {
namespace {

using access_control::CameraState;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Lt;
using ::testing::Not;

class LiveTest : public ::testing::Test {
 protected:
  std::unique_ptr<RawClient> Watch(CameraId camera, PersonId person) {
    auto client = std::make_unique<RawClient>(office_.served->media_port());
    client->Send("GET " + LiveOffice::PathOf(camera) + " HTTP/1.1\r\nHost: x\r\nAuthorization: " +
                 "Bearer " + office_.TokenOf(person) + "\r\n\r\n");
    return client;
  }
  int StatusOf(CameraId camera, PersonId person) {
    return office_.served->Ask(LiveOffice::PathOf(camera), office_.TokenOf(person), {}, "HEAD")
        .status;
  }
  WallTime Now() const { return std::chrono::floor<microseconds>(office_.clock.Now()); }
  /// The instant by which what ended at `end` is over: two seconds are promised.
  WallTime OverBy(WallTime end) const { return end + seconds(2) + office_.standstill.so_far(); }
  std::string Sql(const std::string& text) { return office_.stored.Run(text); }

  LiveOffice office_;
};

TEST_F(LiveTest, AViewingIsStoredBeforeTheFirstByteAndTellsWhatWasHandedOut) {
  office_.Open();
  {
    const auto viewer = Watch(office_.camera, office_.head);
    std::string received = viewer->ReadUntil("made at");
    EXPECT_THAT(received, HasSubstr("ftyp"));
    EXPECT_EQ(Sql("SELECT count(*) FROM viewing WHERE action = 'live.play' AND camera_id = '" +
                  ToString(office_.camera) + "' AND from_at < to_at"),
              "1");
    for (int i = 0; i < 20; ++i) received += viewer->ReadUntil("made at");
    EXPECT_THAT(FramesIn(received).size(), Ge(18U));
  }
  office_.served->StopMedia();  // tells of the end
  EXPECT_EQ(Sql("SELECT count(*) FROM viewing_delivery WHERE last AND bytes > 1000"), "1");
}

TEST_F(LiveTest, IsForTheUnitInChargeNowOfACameraInService) {
  const CameraId handed_over = office_.office.AddCamera();
  const WallTime at = Now() - seconds(30);
  office_.office.PutInCharge(handed_over, office_.unit, {WallTime::min(), at});
  office_.office.PutInCharge(handed_over, office_.other_unit, {at, WallTime::max()});
  office_.office.SetState(handed_over, CameraState::kInService);
  const CameraId suspended = office_.office.AddCamera(office_.unit);
  office_.office.SetState(suspended, CameraState::kSuspended);
  office_.Open();
  EXPECT_EQ(StatusOf(office_.camera, office_.head), 200);
  EXPECT_EQ(StatusOf(handed_over, office_.other_head), 200);
  EXPECT_EQ(StatusOf(handed_over, office_.head), 403) << "its past is still this unit's";
  EXPECT_EQ(StatusOf(suspended, office_.head), 403);
  EXPECT_EQ(StatusOf(office_.camera, office_.operations), 403);
  EXPECT_EQ(StatusOf(office_.other_camera, office_.head), 404);
  EXPECT_EQ(StatusOf(NewId<CameraId>(), office_.head), 404);

  const auto newest = [&](CameraId camera, PersonId person) {
    return office_.served->Ask("/v1/cameras/" + ToString(camera) + "/frame.jpg",
                               office_.TokenOf(person), {}, "HEAD");
  };
  EXPECT_EQ(newest(office_.camera, office_.head).status, 200);
  EXPECT_EQ(newest(handed_over, office_.other_head).status, 200);
  EXPECT_EQ(newest(handed_over, office_.head).status, 403);
  EXPECT_EQ(newest(suspended, office_.head).comparable(),
            newest(handed_over, office_.head).comparable());
  EXPECT_EQ(newest(office_.camera, office_.operations).status, 403);
}

TEST_F(LiveTest, ASubStreamIsShownByTheRightToTheMainOneWhereThereIsOne) {
  const CameraId without = office_.AddCamera(office_.unit);
  office_.Open();
  for (const CameraId& camera : {office_.camera, office_.other_camera}) {
    Sql("INSERT INTO camera_stream (camera_id, stream, url) VALUES ('" + ToString(camera) +
        "', 'sub', 'rtsp://10.0.0.1/sub')");
  }
  const std::string token = office_.TokenOf(office_.head);
  const auto ask = [&](CameraId camera, const std::string& what, const std::string& method) {
    return office_.served->Ask("/v1/cameras/" + ToString(camera) + what, token, {}, method);
  };
  for (const std::string what : {"/live.mp4?stream=", "/live.m3u8?stream=", "/live.m4s?stream=",
                                 "/live-init.mp4?stream=", "/frame.jpg?stream="}) {
    EXPECT_EQ(ask(office_.camera, what + "sub", "HEAD").status, 200);
    EXPECT_EQ(ask(office_.camera, what + "main", "HEAD").status, 200);
    EXPECT_EQ(ask(office_.camera, what + "third", "HEAD").status, 400);
    EXPECT_EQ(ask(office_.other_camera, what + "sub", "HEAD").status, 404);
    EXPECT_THAT(ask(office_.other_camera, what + "sub", "GET").body,
                Not(HasSubstr("no_sub_stream")))
        << "whoever may not see a camera doesn't learn what it has";
    const auto none = ask(without, what + "sub", "GET");
    EXPECT_EQ(none.status, 404);
    EXPECT_THAT(none.body, HasSubstr("no_sub_stream"));
  }
  EXPECT_EQ(Sql("SELECT count(*) FROM viewing"), "0") << "nothing was shown";
}

TEST_F(LiveTest, APictureFromBeforeTheChargeIsNotShown) {
  const CameraId handed_over = office_.office.AddCamera();
  const WallTime at = Now() + seconds(3);
  office_.office.PutInCharge(handed_over, office_.other_unit, {WallTime::min(), at});
  office_.office.PutInCharge(handed_over, office_.unit, {at, WallTime::max()});
  office_.office.SetState(handed_over, CameraState::kInService);
  office_.Open();
  while (Now() < at + milliseconds(100)) std::this_thread::sleep_for(milliseconds(5));
  const auto viewer = Watch(handed_over, office_.head);
  std::string received = viewer->ReadUntil("made at");
  received += viewer->ReadUntil("made at");
  EXPECT_THAT(FramesIn(received), Each(Ge(at)));
}

TEST_F(LiveTest, EndsAtTheInstantAtWhichTheRightEnds) {
  const WallTime end = Now() + seconds(8);  // so long everything may take to be there
  const PersonId stand_in = office_.office.AddHolder(access_control::Post::kDepartmentHead,
                                                     office_.unit, {WallTime::min(), end});
  office_.Open();
  const auto viewer = Watch(office_.camera, stand_in);
  const auto frames = FramesIn(viewer->ReadAll(seconds(20)));
  ASSERT_FALSE(frames.empty());
  EXPECT_LT(Now(), OverBy(end));
  EXPECT_THAT(frames, Each(Lt(end)));
}

TEST_F(LiveTest, EndsAtAnInstantThatWasEnteredWhileItRan) {
  office_.Open();
  const auto viewer = Watch(office_.camera, office_.head);
  std::string received = viewer->ReadUntil("made at");
  const WallTime end = Now() + seconds(4);
  Sql("UPDATE charge SET valid_to = '" + FormatRfc3339(end) + "' WHERE camera_id = '" +
      ToString(office_.camera) + "'");
  received += viewer->ReadAll(seconds(20));
  EXPECT_LT(Now(), OverBy(end));
  const auto frames = FramesIn(received);
  EXPECT_THAT(frames, Each(Lt(end)));
  EXPECT_GT(frames.back(), end - seconds(1));
}

TEST_F(LiveTest, EndsWithTheChargeOfTheUnitWhoseViewingItIs) {
  const PersonId crisis_desk =
      office_.office.AddHolder(access_control::Post::kCrisisManagement, office_.root);
  office_.Open();
  const auto viewer = Watch(office_.camera, crisis_desk);
  std::string received = viewer->ReadUntil("made at");
  const std::string end = FormatRfc3339(Now() + seconds(4));
  Sql("UPDATE charge SET valid_to = '" + end + "' WHERE camera_id = '" + ToString(office_.camera) +
      "'; INSERT INTO charge (camera_id, unit_id, valid_from) VALUES ('" +
      ToString(office_.camera) + "', '" + ToString(office_.other_unit) + "', '" + end + "')");
  received += viewer->ReadAll(seconds(20));
  EXPECT_THAT(FramesIn(received), Each(Lt(*ParseRfc3339(end))));
  EXPECT_LT(Now(), *ParseRfc3339(end) + seconds(10)) << "it ended by itself";
  EXPECT_EQ(StatusOf(office_.camera, crisis_desk), 200) << "as a viewing of the other unit's";
}

TEST_F(LiveTest, HandsOutNothingThatWasMadeTwoSecondsAfterTheSessionEnded) {
  office_.Open();
  const auto viewer = Watch(office_.camera, office_.head);
  std::string received = viewer->ReadUntil("made at");
  Sql("UPDATE session SET ended_at = clock_timestamp()");
  const WallTime ended = Now();
  received += viewer->ReadAll(seconds(20));
  EXPECT_LT(Now(), OverBy(ended));
  EXPECT_THAT(FramesIn(received), Each(Lt(ended + seconds(2))));
}

TEST_F(LiveTest, OnePictureAfterTheOtherIsOneViewing) {
  office_.Open();
  const std::string viewings = "SELECT count(*) FROM viewing WHERE action = 'live.play'";
  const std::string newest = "/v1/cameras/" + ToString(office_.camera) + "/frame.jpg";
  const std::string token = office_.TokenOf(office_.head);
  for (int i = 0; i < 5; ++i) {
    const Answer answer = office_.served->Ask(newest, token);
    EXPECT_EQ(answer.status, 500) << "its frames are no pictures: " << answer.body;
    EXPECT_EQ(Sql(viewings), "1");
  }
  EXPECT_EQ(office_.served->Ask(newest, office_.TokenOf(office_.head)).status, 500);
  EXPECT_EQ(Sql(viewings), "2") << "another session's is another";

  RawClient viewer(office_.served->media_port());
  viewer.Send("GET " + LiveOffice::PathOf(office_.camera) + " HTTP/1.1\r\nHost: x\r\n" +
              "Authorization: Bearer " + token + "\r\n\r\n");
  EXPECT_THAT(viewer.ReadUntil("made at"), HasSubstr("made at"));
  EXPECT_EQ(Sql(viewings), "2") << "watching on goes on in it";
}

TEST_F(LiveTest, AViewingIsOfTheUnitInChargeAlsoWhereItsViewerStays) {
  const CameraId handed_over = office_.AddCamera(office_.unit);
  const PersonId crisis_desk =
      office_.office.AddHolder(access_control::Post::kCrisisManagement, office_.root);
  office_.Open();
  const std::string newest = "/v1/cameras/" + ToString(handed_over) + "/frame.jpg";
  const std::string token = office_.TokenOf(crisis_desk);
  (void)office_.served->Ask(newest, token);
  Sql("UPDATE charge SET unit_id = '" + ToString(office_.other_unit) + "' WHERE camera_id = '" +
      ToString(handed_over) + "'");
  (void)office_.served->Ask(newest, token);
  EXPECT_EQ(Sql("SELECT string_agg(unit_id::text, ' ' ORDER BY opened_at) FROM viewing"),
            ToString(office_.unit) + " " + ToString(office_.other_unit));
}

TEST_F(LiveTest, WhoWaitsForManyPicturesKeepsNobodyFromTheirs) {
  office_.Open();
  office_.relay->Stop();  // none comes, so that each is waited for
  const auto request = [&](CameraId camera, PersonId person) {
    return "GET /v1/cameras/" + ToString(camera) + "/frame.jpg HTTP/1.1\r\nHost: x\r\n" +
           "Authorization: Bearer " + office_.TokenOf(person) + "\r\n\r\n";
  };
  // All is ready before the first one is sent: it is waited for a few seconds only.
  const std::string others = request(office_.other_camera, office_.other_head);
  std::vector<std::string> requests;
  for (int i = 0; i < 3; ++i) requests.push_back(request(office_.camera, office_.head));
  const auto ask = [&](const std::string& text) {
    auto client = std::make_unique<RawClient>(office_.served->media_port());
    client->Send(text);
    return client;
  };
  std::vector<std::unique_ptr<RawClient>> many;
  for (const std::string& one : requests) many.push_back(ask(one));
  const auto other = ask(others);
  int refused = 0;
  for (const auto& one : many) {
    const std::string answer = one->ReadResponse();
    EXPECT_THAT(answer, HasSubstr("503"));
    if (answer.find("too many ask") == std::string::npos) continue;
    EXPECT_EQ(FieldOf(answer, "Retry-After"), "2");
    ++refused;
  }
  EXPECT_EQ(refused, 2);
  EXPECT_THAT(other->ReadResponse(), Not(HasSubstr("too many ask")));
}

TEST_F(LiveTest, WhereNothingIsRecordedItSaysSoInTheEnd) {
  office_.Open();
  office_.relay->Stop();
  const auto viewer = Watch(office_.camera, office_.head);
  EXPECT_THAT(viewer->ReadAll(seconds(40)), HasSubstr("503"));
}

/// All processes of the database's server, stopped until this goes.
class Frozen {
 public:
  explicit Frozen(access_control::StoredOffice& office) {
    std::istringstream pids(office.Run("SELECT string_agg(pid::text, ' ') FROM pg_stat_activity"));
    for (int pid = 0; pids >> pid;) {
      std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
      std::string word;
      int parent = 0;
      if (status >> word >> word >> word >> parent) pids_.insert({pid, parent});
    }
    for (const int pid : pids_) kill(pid, SIGSTOP);
  }
  ~Frozen() {
    for (const int pid : pids_) kill(pid, SIGCONT);
  }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  std::set<int> pids_;
};

/// In a cluster of its own, with which anything may be done.
class LiveWithoutDatabaseTest : public ::testing::Test {
 protected:
  LiveWithoutDatabaseTest() {
    office_.Open();
    viewer_ = std::make_unique<RawClient>(office_.served->media_port());
    viewer_->Send("GET " + LiveOffice::PathOf(office_.camera) + " HTTP/1.1\r\nHost: x\r\n" +
                  "Authorization: Bearer " + office_.TokenOf(office_.head) + "\r\n\r\n");
    EXPECT_THAT(viewer_->ReadUntil("made at"), HasSubstr("made at"));
  }
  static std::unique_ptr<yagura::testing::MigratedPostgres> OwnDatabase() {
    auto own = yagura::testing::MigratedPostgres::Create();
    CHECK(own.has_value());
    return *std::move(own);
  }
  LiveOffice office_{OwnDatabase()};
  std::unique_ptr<RawClient> viewer_;
};

TEST_F(LiveWithoutDatabaseTest, NothingMadeTwoSecondsAfterTheServerWasStoppedGoesOut) {
  ASSERT_TRUE(office_.database->cluster().Stop().has_value());
  const WallTime stopped = office_.clock.Now();
  const auto frames = FramesIn(viewer_->ReadAll(seconds(20)));
  EXPECT_THAT(frames, Each(Lt(stopped + seconds(2))));
}

TEST_F(LiveWithoutDatabaseTest, NothingMadeTwoSecondsAfterTheServerFrozeGoesOut) {
  const Frozen frozen(office_.stored);
  const WallTime since = office_.clock.Now();
  const auto frames = FramesIn(viewer_->ReadAll(seconds(20)));
  EXPECT_FALSE(frames.empty());
  EXPECT_THAT(frames, Each(Lt(since + seconds(2))));
}

}  // namespace
}  // namespace yagura::api
