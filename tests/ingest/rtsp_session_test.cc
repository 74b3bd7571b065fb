#include "ingest/rtsp_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/limits.h"
#include "tests/ingest/rtsp_session_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

TEST_F(RtspSessionTest, AsksDescribesSetsUpAndPlays) {
  EXPECT_THAT(Asked(), StartsWith("OPTIONS rtsp://cam:8554/live RTSP/1.0\r\nCSeq: 1\r\n"));
  Reply("200 OK", "Public: OPTIONS, DESCRIBE\r\n");
  EXPECT_THAT(Asked(), AllOf(StartsWith("DESCRIBE rtsp://cam:8554/live "),
                             HasSubstr("Accept: application/sdp\r\n")));
  Reply("200 OK", "Content-Base: rtsp://cam:8554/live/\r\n", kSdp);
  EXPECT_THAT(Asked(), AllOf(StartsWith("SETUP rtsp://cam:8554/live/trackID=0 "),
                             HasSubstr("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")));
  EXPECT_FALSE(session_.set_up());
  Reply("200 OK", "Session: 42;timeout=20\r\nTransport: RTP/AVP/TCP;unicast;interleaved=2-3\r\n");
  EXPECT_TRUE(session_.set_up());
  EXPECT_THAT(Asked(),
              AllOf(StartsWith("PLAY rtsp://cam:8554/live/ "), HasSubstr("Session: 42\r\n")));
  Reply("200 OK");
  EXPECT_EQ(session_.state(), RtspSession::State::kPlaying);
  EXPECT_EQ(session_.transport().rtp_channel, 2);
  EXPECT_EQ(session_.transport().rtcp_channel, 3);
  EXPECT_EQ(session_.track().payload_type, 96);
}

TEST_F(RtspSessionTest, KeepsTheSessionAliveAtHalfItsTimeout) {
  Play();
  Pass(9'900ms);
  EXPECT_THAT(Asked(), IsEmpty());
  Pass(100ms);
  EXPECT_THAT(Asked(), AllOf(StartsWith("GET_PARAMETER rtsp://cam:8554/live/ "),
                             HasSubstr("Session: 42\r\n")));
  Reply("200 OK");
  Pass(10s);
  EXPECT_THAT(Asked(), StartsWith("GET_PARAMETER"));
  Reply("405 Method Not Allowed");
  Pass(10s);
  EXPECT_THAT(Asked(), StartsWith("OPTIONS")) << "the other way";
  Pass(10s);
  EXPECT_THAT(Asked(), StartsWith("OPTIONS")) << "an unanswered one doesn't stop them";
  EXPECT_EQ(session_.state(), RtspSession::State::kPlaying);
}

TEST_F(RtspSessionTest, ALostSessionIsOver) {
  Play();
  Pass(10s);
  Reply("454 Session Not Found");
  EXPECT_EQ(Reason(), GapReason::kCameraRefused);
}

TEST_F(RtspSessionTest, SignsInOnceAskedAndRepeatsTheRequest) {
  (void)Asked();
  Reply("401 Unauthorized", kDigest);
  EXPECT_THAT(Asked(),
              AllOf(StartsWith("OPTIONS"), HasSubstr("Authorization: Digest username=\"viewer\"")));
  Reply("200 OK");
  EXPECT_THAT(Asked(), AllOf(StartsWith("DESCRIBE"), HasSubstr("Authorization: Digest"),
                             Not(HasSubstr("secret"))));
}

TEST_F(RtspSessionTest, WrongCredentialsAreTriedOnce) {
  Reply("200 OK");
  Reply("401 Unauthorized", kDigest);
  (void)Asked();
  Reply("401 Unauthorized", "WWW-Authenticate: Digest realm=\"cam\", nonce=\"n2\"\r\n");
  EXPECT_EQ(Reason(), GapReason::kAuthenticationFailed);
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(RtspSessionTest, ACameraThatCallsEveryNonceStaleIsGivenUp) {
  for (int i = 0; i < 10 && !session_.failure(); ++i) {
    Reply("401 Unauthorized", "WWW-Authenticate: Digest realm=\"c\", stale=true, nonce=\"" +
                                  std::to_string(i) + "\"\r\n");
  }
  EXPECT_EQ(Reason(), GapReason::kAuthenticationFailed);
  EXPECT_EQ(sequence_, 3);
}

TEST_F(RtspSessionTest, AnExpiredNonceInMidSessionIsRenewed) {
  Reply("200 OK", "Public: GET_PARAMETER\r\n");
  Reply("401 Unauthorized", kDigest);
  PlayFromDescribe();
  (void)Asked();
  Pass(10s);
  (void)Asked();
  Reply("401 Unauthorized", "WWW-Authenticate: Digest realm=\"cam\", nonce=\"n2\"\r\n");
  EXPECT_THAT(Asked(), AllOf(StartsWith("GET_PARAMETER"), HasSubstr("nonce=\"n2\"")));
  Reply("200 OK");
  EXPECT_EQ(session_.state(), RtspSession::State::kPlaying);
}

class WithoutCredentials : public RtspSessionTest {
 protected:
  WithoutCredentials() : RtspSessionTest(Credentials{}) {}
};
TEST_F(WithoutCredentials, AChallengeIsFinal) {
  Reply("401 Unauthorized", kDigest);
  EXPECT_EQ(Reason(), GapReason::kAuthenticationFailed);
}

TEST_F(RtspSessionTest, EachRefusalHasItsReason) {
  struct Case {
    const char* status;
    GapReason reason;
  };
  for (const Case& c : {Case{"404 Not Found", GapReason::kCameraRefused},
                        Case{"503 Busy", GapReason::kCameraRefused},
                        Case{"403 Forbidden", GapReason::kAuthenticationFailed}}) {
    RtspSession session(ParseRtspUrl("rtsp://cam/").value(), {}, "c");
    session.Start(now_);
    (void)session.OnBytes("RTSP/1.0 501 Not Implemented\r\nCSeq: 1\r\n\r\n", now_);
    EXPECT_THAT(session.outbox(), HasSubstr("DESCRIBE")) << "a camera may not know OPTIONS";
    (void)session.OnBytes("RTSP/1.0 " + std::string(c.status) + "\r\nCSeq: 2\r\n\r\n", now_);
    EXPECT_EQ(session.failure().value().reason, c.reason);
  }
}

TEST_F(RtspSessionTest, AStreamThatWeDoNotRecordIsUnsupported) {
  Reply("200 OK");
  Reply("200 OK", "", "v=0\r\nm=video 0 RTP/AVP 32\r\n");
  EXPECT_EQ(Reason(), GapReason::kUnsupportedStream);
}

TEST_F(RtspSessionTest, H265IsSetUpAsH264Is) {
  Reply("200 OK");
  Reply("200 OK", "",
        "v=0\r\nm=video 0 RTP/AVP 97\r\na=rtpmap:97 H265/90000\r\na=control:trackID=0\r\n");
  EXPECT_THAT(Asked(), HasSubstr("SETUP rtsp://cam:8554/live/trackID=0 "));
  EXPECT_EQ(session_.track().codec, Codec::kH265);
}

TEST_F(RtspSessionTest, AnotherTransportThanTcpIsUnsupported) {
  Reply("200 OK");
  Reply("200 OK", "", kSdp);
  Reply("200 OK", "Transport: RTP/AVP;unicast;client_port=1-2\r\n");
  EXPECT_EQ(Reason(), GapReason::kUnsupportedStream);
}

TEST_F(RtspSessionTest, BrokenSdpIsAProtocolError) {
  Reply("200 OK");
  Reply("200 OK", "", "<html>");
  EXPECT_EQ(Reason(), GapReason::kProtocolError);
}

TEST_F(RtspSessionTest, ANamelessTransportIsAProtocolError) {
  Reply("200 OK");
  Reply("200 OK", "", kSdp);
  Reply("200 OK", "Session: 1\r\n");
  EXPECT_EQ(Reason(), GapReason::kProtocolError);
}

TEST_F(RtspSessionTest, SilenceIsAReason) {
  Pass(4'900ms);
  EXPECT_EQ(session_.failure(), std::nullopt);
  Pass(100ms);
  EXPECT_EQ(Reason(), GapReason::kCameraSilent);
}

TEST_F(RtspSessionTest, FollowsARedirectOnTheSameHostOnly) {
  Reply("302 Found", "Location: rtsp://cam:9000/other\r\n");
  EXPECT_EQ(session_.redirect().value().text, "rtsp://cam:9000/other");
  EXPECT_EQ(session_.state(), RtspSession::State::kOver);

  RtspSession other(ParseRtspUrl("rtsp://cam/").value(), {}, "c");
  other.Start(now_);
  (void)other.OnBytes("RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: rtsp://evil/\r\n\r\n", now_);
  EXPECT_EQ(other.failure().value().reason, GapReason::kCameraRefused);
}

TEST_F(RtspSessionTest, AnswersTheCamerasRequests) {
  Play();
  (void)session_.OnBytes("GET_PARAMETER rtsp://x RTSP/1.0\r\nCSeq: 7\r\n\r\n", now_);
  EXPECT_EQ(Asked(), "RTSP/1.0 200 OK\r\nCSeq: 7\r\n\r\n");
  (void)session_.OnBytes("ANNOUNCE rtsp://x RTSP/1.0\r\nCSeq: 8\r\n\r\n", now_);
  EXPECT_EQ(Asked(), "RTSP/1.0 501 Not Implemented\r\nCSeq: 8\r\n\r\n");
  (void)session_.OnBytes("TEARDOWN rtsp://x RTSP/1.0\r\nCSeq: 9\r\n\r\n", now_);
  EXPECT_EQ(Reason(), GapReason::kCameraRefused);
}

TEST_F(RtspSessionTest, AFloodOfRequestsEndsTheSession) {
  Play();
  for (int i = 0; i < 10'000 && !session_.failure(); ++i) {
    (void)session_.OnBytes("OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n", now_);
  }
  EXPECT_EQ(Reason(), GapReason::kProtocolError);
  EXPECT_LE(session_.outbox().size(), kMaxOutboxBytes + 100);
}

TEST_F(RtspSessionTest, AFloodOfRepliesEndsTheSession) {
  Play();
  for (int i = 0; i <= kMaxUnaskedReplies; ++i)
    (void)session_.OnBytes("RTSP/1.0 200 OK\r\n\r\n", now_);
  EXPECT_EQ(Reason(), GapReason::kProtocolError);
}

TEST_F(RtspSessionTest, ACameraMayRefuseOptionsWithoutSayingHowToSignIn) {
  Reply("401 Unauthorized");
  EXPECT_THAT(Asked(), HasSubstr("DESCRIBE"));
  Reply("401 Unauthorized");
  EXPECT_EQ(Reason(), GapReason::kAuthenticationFailed);
}

TEST_F(RtspSessionTest, LateRepliesArePassedOver) {
  (void)session_.OnBytes("RTSP/1.0 404 Not Found\r\nCSeq: 99\r\n\r\n", now_);
  (void)session_.OnBytes("RTSP/1.0 100 Continue\r\nCSeq: 1\r\n\r\n", now_);
  EXPECT_EQ(session_.state(), RtspSession::State::kAsking);
  (void)session_.OnBytes("RTSP/1.0 200 OK\r\n\r\n", now_);
  EXPECT_THAT(session_.outbox(), HasSubstr("DESCRIBE")) << "some cameras leave the CSeq out";
}

TEST_F(RtspSessionTest, SaysGoodbye) {
  Play();
  session_.Stop();
  EXPECT_THAT(Asked(),
              AllOf(StartsWith("TEARDOWN rtsp://cam:8554/live/ "), HasSubstr("Session: 42\r\n")));
}

TEST(RtspHeadersTest, ReadsTransports) {
  struct Case {
    const char* text;
    int rtp;
    std::optional<int> rtcp;
  };
  for (const Case& c :
       {Case{"RTP/AVP/TCP;unicast;interleaved=0-1", 0, 1},
        Case{"RTP/AVP/TCP;interleaved=254-255;x", 254, 255},
        Case{"rtp/avp/tcp; Interleaved = 4", 4, 5}, Case{"RTP/AVP/TCP;unicast", 0, 1},
        Case{"RTP/AVP;unicast;interleaved=2-3", 2, 3}, Case{"RTP/AVP/TCP;interleaved=255", 255, {}},
        Case{"RTP/AVP/TCP;interleaved=1-1", 1, {}}, Case{"RTP/AVP/TCP;interleaved=6-", 6, 7}}) {
    const auto transport = ParseTransport(c.text);
    ASSERT_TRUE(transport.has_value()) << c.text;
    EXPECT_EQ(transport->rtp_channel, c.rtp);
    EXPECT_EQ(transport->rtcp_channel, c.rtcp) << c.text;
  }
  for (const char* text : {"RTP/AVP/TCP;interleaved=256-257", "RTP/AVP/TCP;interleaved=255-256",
                           "RTP/AVP/TCP;interleaved=a-b", "RTP/AVP/TCP;interleaved=", "RTP/AVP", "",
                           "RAW/RAW/UDP;interleaved=0-1", "RTP/AVP;unicast;client_port=1-2"}) {
    EXPECT_FALSE(ParseTransport(text).has_value()) << text;
  }
}

TEST(RtspHeadersTest, ReadsSessions) {
  EXPECT_EQ(ParseSessionHeader("12 ; timeout=30")->timeout, 30s);
  EXPECT_EQ(ParseSessionHeader("12")->timeout, 60s);
  EXPECT_EQ(ParseSessionHeader("12;timeout=0")->timeout, 60s);
  EXPECT_EQ(ParseSessionHeader("12;timeout=99999999999999999999")->timeout, 60s);
  EXPECT_FALSE(ParseSessionHeader("").has_value());
  EXPECT_FALSE(ParseSessionHeader(";timeout=3").has_value());
  EXPECT_FALSE(ParseSessionHeader(std::string(kMaxSessionIdBytes + 1, 'x')).has_value());
}

}  // namespace
}  // namespace yagura::ingest
