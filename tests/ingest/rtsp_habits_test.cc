// What cameras do with the dialogue that no standard says: the client's side of
// docs/design/camera-behaviours.md, without sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ingest/rtsp_session_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class RtspHabitsTest : public RtspSessionTest {
 protected:
  /// Up to the request behind DESCRIBE.
  std::string SetupFor(const std::string& headers, const std::string& session_control,
                       const std::string& track_control) {
    Reply("200 OK");
    (void)Asked();
    Reply("200 OK", headers,
          "v=0\r\n" + session_control + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n" +
              track_control);
    const std::string asked = Asked();
    return asked.substr(0, asked.find(" RTSP/1.0"));
  }
};

TEST_F(RtspHabitsTest, AnAbsoluteControlOfTheSessionIsWhatTracksAreRelativeTo) {
  EXPECT_EQ(SetupFor("Content-Base: rtsp://cam:8554/live/\r\n", "a=control:rtsp://cam/all/\r\n",
                     "a=control:track1\r\n"),
            "SETUP rtsp://cam/all/track1");
}

TEST_F(RtspHabitsTest, ATrackWithoutControlIsTheWhole) {
  EXPECT_EQ(SetupFor("Content-Base: rtsp://cam:8554/live/\r\n", "", ""),
            "SETUP rtsp://cam:8554/live/");
}

TEST_F(RtspHabitsTest, OddBasesLeaveTheAddressThatWasAsked) {
  EXPECT_EQ(SetupFor("Content-Base: cam:8554/live/\r\n", "a=control:*\r\n", "a=control:t\r\n"),
            "SETUP rtsp://cam:8554/live/t");
}

TEST_F(RtspHabitsTest, KeepsSessionsOfVeryShortTimeoutsAlive) {
  Reply("200 OK", "Public: get_parameter\r\n");
  PlayFromDescribe("Session: 42;timeout=1\r\n");
  (void)Asked();
  Pass(499ms);
  EXPECT_THAT(Asked(), IsEmpty());
  Pass(1ms);
  EXPECT_THAT(Asked(), StartsWith("GET_PARAMETER")) << "however the camera writes it";
  Pass(500ms);
  EXPECT_THAT(Asked(), StartsWith("OPTIONS")) << "it doesn't wait for an answer beyond that";
}

TEST_F(RtspHabitsTest, ReadsEveryPublicHeader) {
  Reply("200 OK", "Public: OPTIONS, DESCRIBE\r\nPublic: PLAY, GET_PARAMETER\r\n");
  PlayFromDescribe();
  (void)Asked();
  Pass(10s);
  EXPECT_THAT(Asked(), StartsWith("GET_PARAMETER"));
}

TEST_F(RtspHabitsTest, ARefusedKeepAliveEndsNoStreamAndShowsTheCredentialsNoMore) {
  Reply("200 OK", "Public: GET_PARAMETER\r\n");
  Reply("401 Unauthorized", kDigest);
  PlayFromDescribe();
  (void)Asked();
  Pass(10s);
  EXPECT_THAT(Asked(), HasSubstr("Authorization"));
  Reply("401 Unauthorized", kDigest);  // the password was changed
  EXPECT_EQ(session_.state(), RtspSession::State::kPlaying);
  for (int i = 0; i < 3; ++i) {
    Pass(10s);
    EXPECT_THAT(Asked(), AllOf(StartsWith("OPTIONS"), Not(HasSubstr("Authorization"))));
    Reply("401 Unauthorized", kDigest);
  }
  EXPECT_EQ(session_.state(), RtspSession::State::kPlaying);
}

TEST_F(RtspHabitsTest, NoncesForOneRequestAreAnsweredFromOptionsOn) {
  const auto challenge = [](int number) {
    return "WWW-Authenticate: Digest realm=\"cam\", nonce=\"n" + std::to_string(number) + "\"\r\n";
  };
  Reply("401 Unauthorized", challenge(1));
  Reply("200 OK", "Public: GET_PARAMETER\r\n");
  Reply("401 Unauthorized", challenge(2));
  Reply("200 OK", "", kSdp);
  Reply("401 Unauthorized", challenge(3));
  Reply("200 OK", "Session: 42\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n");
  Reply("401 Unauthorized", challenge(4));
  Reply("200 OK");
  EXPECT_EQ(session_.state(), RtspSession::State::kPlaying);
}

TEST_F(RtspHabitsTest, ARedirectMayNameAPathAlone) {
  Reply("200 OK");
  Reply("301 Moved Permanently", "Location: /other\r\n");
  EXPECT_EQ(session_.redirect().value().text, "rtsp://cam:8554/other");
}

TEST_F(RtspHabitsTest, ARedirectElsewhereIsToldAndNotFollowed) {
  Reply("200 OK");
  (void)Asked();
  Reply("302 Found", "Location: rtsp://cam.example/live\r\n");
  EXPECT_EQ(session_.redirect(), std::nullopt);
  EXPECT_THAT(session_.failure().value().error.message(), HasSubstr("\"cam.example\""));
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(RtspHabitsTest, AnswersOutOfStepEndNothing) {
  Play();
  Pass(10s);
  (void)Asked();
  // Sold as C520WS, it numbers a refusal one too low (scottlamb/retina issue 133).
  (void)session_.OnBytes("RTSP/1.0 400 Bad Request\r\nCSeq: 4\r\n\r\n", now_);
  EXPECT_EQ(session_.state(), RtspSession::State::kPlaying);
}

TEST(RtspKeepAliveTest, TheOtherWayIsTheOppositeOfWhatIsAnnounced) {
  struct Case {
    const char* reply;
    const char* method;
  };
  for (const Case& c : {Case{"RTSP/1.0 200 OK\r\nPublic: GET_PARAMETER\r\n\r\n", "OPTIONS"},
                        Case{"RTSP/1.0 200 OK\r\nPublic: PLAY\r\n\r\n", "GET_PARAMETER"},
                        Case{"RTSP/1.0 501 Not Implemented\r\n\r\n", "GET_PARAMETER"}}) {
    const MonoTime start(100s);
    RtspSession session(ParseRtspUrl("rtsp://cam/").value(), {}, "c", KeepAlive::kOtherWay);
    session.Start(start);
    for (const std::string& reply :
         {std::string(c.reply),
          "RTSP/1.0 200 OK\r\nContent-Length: " + std::to_string(sizeof kSdp - 1) + "\r\n\r\n" +
              kSdp,
          std::string("RTSP/1.0 200 OK\r\nTransport: RTP/AVP/TCP\r\n\r\n"),
          std::string("RTSP/1.0 200 OK\r\n\r\n")}) {
      ASSERT_EQ(session.OnBytes(reply, start), reply.size());
    }
    session.outbox().clear();
    EXPECT_FALSE(session.MayHaveTimedOut(start + 50s));
    EXPECT_TRUE(session.MayHaveTimedOut(start + 60s)) << "the timeout that goes without saying";
    EXPECT_FALSE(session.MayHaveTimedOut(start + 200s)) << "it lived longer than that";
    session.OnTime(start + 30s);
    EXPECT_THAT(session.outbox(), StartsWith(c.method));
  }
}

}  // namespace
}  // namespace yagura::ingest
