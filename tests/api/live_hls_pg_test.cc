#include <gmock/gmock.h>

#include <thread>

#include "tests/api/live_office.h"

// Low-latency HLS over a real listener, a real relay and a real database.
namespace yagura::api {
namespace {

using access_control::CameraState;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Lt;
using ::testing::Not;

class LiveHlsTest : public ::testing::Test {
 protected:
  /// The whole answer to a GET, however long it takes to begin.
  std::string Get(CameraId camera, const std::string& what, const std::string& token) {
    RawClient client(office_.served->media_port());
    client.Send("GET /v1/cameras/" + ToString(camera) + "/" + what +
                " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + token +
                "\r\n\r\n");
    return client.ReadAll();
  }
  /// What a playlist names in its last line that has `tag`: "live.m4s?…".
  static std::string LastNamed(const std::string& playlist, const std::string& tag) {
    const std::size_t line = playlist.rfind(tag);
    const std::size_t at = playlist.find("URI=\"", line) + 5;
    return line == std::string::npos ? "" : playlist.substr(at, playlist.find('"', at) - at);
  }
  WallTime Now() const { return std::chrono::floor<microseconds>(office_.clock.Now()); }
  std::string Sql(const std::string& text) { return office_.stored.Run(text); }
  std::string Viewings() {
    return Sql("SELECT count(*) FROM viewing WHERE action = 'live.play' AND camera_id = '" +
               ToString(office_.camera) + "'");
  }

  LiveOffice office_;
};

TEST_F(LiveHlsTest, PartsComeAsTheyAreMadeUnderOneViewing) {
  office_.Open();
  const std::string token = office_.TokenOf(office_.head);
  const std::string playlist = Get(office_.camera, "live.m3u8", token);
  EXPECT_THAT(playlist, HasSubstr("200 OK"));
  EXPECT_THAT(playlist, HasSubstr("application/vnd.apple.mpegurl"));
  EXPECT_THAT(playlist, HasSubstr("#EXT-X-PART:"));
  EXPECT_THAT(Get(office_.camera, LastNamed(playlist, "#EXT-X-MAP"), token), HasSubstr("moov"));
  EXPECT_FALSE(FramesIn(Get(office_.camera, LastNamed(playlist, "#EXT-X-PART:"), token)).empty());
  const WallTime asked = Now();
  const auto next =
      FramesIn(Get(office_.camera, LastNamed(playlist, "#EXT-X-PRELOAD-HINT"), token));
  ASSERT_FALSE(next.empty());
  EXPECT_GT(next.back(), asked - seconds(1));
  EXPECT_EQ(Viewings(), "1");
  office_.served->StopMedia();  // tells of the end
  EXPECT_EQ(Sql("SELECT count(*) FROM viewing_delivery WHERE bytes > 100"), "1");
}

TEST_F(LiveHlsTest, APlaylistIsAnsweredWhenTheStreamHasComeSoFar) {
  office_.Open();
  const std::string token = office_.TokenOf(office_.head);
  std::string hint = LastNamed(Get(office_.camera, "live.m3u8", token), "#EXT-X-PRELOAD-HINT");
  for (int i = 0; i < 5; ++i) {
    const std::size_t part = hint.find("&part=");
    const std::string awaited =
        "_HLS_msn=" + hint.substr(17, part - 17) + "&_HLS_part=" + hint.substr(part + 6);
    const std::string playlist = Get(office_.camera, "live.m3u8?" + awaited, token);
    EXPECT_THAT(playlist, HasSubstr("200 OK")) << awaited;
    EXPECT_THAT(playlist, Not(HasSubstr("HINT:TYPE=PART,URI=\"" + hint + "\""))) << "it is there";
    hint = LastNamed(playlist, "#EXT-X-PRELOAD-HINT");
  }
  EXPECT_EQ(Viewings(), "1");
}

TEST_F(LiveHlsTest, IsForWhomLiveIs) {
  office_.Open();
  const std::string token = office_.TokenOf(office_.head);
  const std::string playlist = Get(office_.camera, "live.m3u8", token);
  for (const char* tag : {"#EXT-X-MAP", "#EXT-X-PART:", "#EXT-X-PRELOAD-HINT"}) {
    const std::string what = LastNamed(playlist, tag);
    EXPECT_THAT(Get(office_.camera, what, token), HasSubstr("200 OK")) << what;
    EXPECT_THAT(Get(office_.camera, what, office_.TokenOf(office_.other_head)),
                HasSubstr("404 Not Found"))
        << what;
    EXPECT_THAT(Get(office_.camera, what, office_.TokenOf(office_.operations)),
                HasSubstr("403 Forbidden"))
        << what;
    EXPECT_THAT(Get(office_.camera, what, "nobody's"), HasSubstr("401 Unauthorized")) << what;
  }
  EXPECT_EQ(Viewings(), "1");
}

TEST_F(LiveHlsTest, APictureFromBeforeTheChargeIsNotShown) {
  const CameraId handed_over = office_.office.AddCamera();
  const WallTime at = Now() + seconds(5);
  office_.office.PutInCharge(handed_over, office_.other_unit, {WallTime::min(), at});
  office_.office.PutInCharge(handed_over, office_.unit, {at, WallTime::max()});
  office_.office.SetState(handed_over, CameraState::kInService);
  office_.Open();
  const std::string before = office_.TokenOf(office_.other_head);
  const std::string after = office_.TokenOf(office_.head);
  const std::string first = Get(handed_over, "live.m3u8", before);
  EXPECT_THAT(first, HasSubstr("#EXT-X-PART:"));
  EXPECT_THAT(Get(handed_over, "live.m3u8", after), HasSubstr("404 Not Found"));
  while (Now() < at + milliseconds(100)) std::this_thread::sleep_for(milliseconds(5));
  const std::string playlist = Get(handed_over, "live.m3u8", after);
  const std::string part = LastNamed(playlist, "#EXT-X-PART:");
  EXPECT_THAT(FramesIn(Get(handed_over, part, after)), Each(Ge(at)));
  EXPECT_THAT(Get(handed_over, LastNamed(first, "#EXT-X-PART:"), after), HasSubstr("404 Not Found"))
      << "it is the other unit's";
  EXPECT_THAT(Get(handed_over, part, before), HasSubstr("403 Forbidden"));
}

TEST_F(LiveHlsTest, NothingIsHandedOutFromAfterTheEndOfTheRight) {
  const WallTime end = Now() + seconds(8);  // so long everything may take to be there
  const PersonId stand_in = office_.office.AddHolder(access_control::Post::kDepartmentHead,
                                                     office_.unit, {WallTime::min(), end});
  office_.Open();
  const std::string token = office_.TokenOf(stand_in);
  std::string hint = LastNamed(Get(office_.camera, "live.m3u8", token), "#EXT-X-PRELOAD-HINT");
  ASSERT_FALSE(hint.empty());
  std::vector<WallTime> frames;
  while (Now() < end + seconds(3)) {
    const auto more = FramesIn(Get(office_.camera, hint, token));
    frames.insert(frames.end(), more.begin(), more.end());
    const std::string playlist = Get(office_.camera, "live.m3u8", token);
    if (playlist.find("#EXTM3U") != std::string::npos)
      hint = LastNamed(playlist, "#EXT-X-PRELOAD-HINT");
  }
  ASSERT_FALSE(frames.empty());
  EXPECT_THAT(frames, Each(Lt(end)));
}

TEST_F(LiveHlsTest, WhatIsNotThereIsSaidToBeSo) {
  office_.Open();
  const std::string token = office_.TokenOf(office_.head);
  const std::string hint =
      LastNamed(Get(office_.camera, "live.m3u8", token), "#EXT-X-PRELOAD-HINT");
  const auto number = std::stoull(hint.substr(17));
  EXPECT_THAT(Get(office_.camera, "live.m4s?segment=7", token), HasSubstr("404 Not Found"));
  EXPECT_THAT(Get(office_.camera, "live.m4s?segment=" + std::to_string(number + 9), token),
              HasSubstr("404 Not Found"));
  EXPECT_THAT(Get(office_.camera, "live-init.mp4?name=7", token), HasSubstr("404 Not Found"));
  EXPECT_THAT(Get(office_.camera, "live.m3u8?_HLS_msn=" + std::to_string(number + 9), token),
              HasSubstr("400 Bad Request"));
  for (const char* what : {"live.m4s", "live.m4s?segment=x", "live.m4s?segment=1&part=-1",
                           "live.m3u8?_HLS_part=1", "live-init.mp4", "live.m4s?part=1"})
    EXPECT_THAT(Get(office_.camera, what, token), HasSubstr("400 Bad Request")) << what;
}

}  // namespace
}  // namespace yagura::api
