#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ingest/rtsp_session.h"

namespace yagura::ingest {

inline constexpr char kSdp[] =
    "v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 "
    "H264/90000\r\na=control:trackID=0\r\n";
inline constexpr char kDigest[] = "WWW-Authenticate: Digest realm=\"cam\", nonce=\"n1\"\r\n";

/// A session and, by hand, the camera at its other end.
class RtspSessionTest : public ::testing::Test {
 protected:
  explicit RtspSessionTest(Credentials credentials = {"viewer", "secret"})
      : session_(ParseRtspUrl("rtsp://cam:8554/live").value(), std::move(credentials), "cnonce") {
    session_.Start(now_);
  }

  std::string Asked() { return std::exchange(session_.outbox(), {}); }
  void Reply(const std::string& status, const std::string& headers = "",
             const std::string& body = "") {
    const std::string text = "RTSP/1.0 " + status + "\r\nCSeq: " + std::to_string(++sequence_) +
                             "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
                             "\r\n\r\n" + body;
    EXPECT_EQ(session_.OnBytes(text, now_), text.size());
  }
  void Pass(std::chrono::milliseconds time) {
    now_ += time;
    session_.OnTime(now_);
  }
  void PlayFromDescribe(const std::string& session_header = "Session: 42;timeout=20\r\n") {
    Reply("200 OK", "Content-Base: rtsp://cam:8554/live/\r\n", kSdp);
    Reply("200 OK", session_header + "Transport: RTP/AVP/TCP;unicast;interleaved=2-3\r\n");
    Reply("200 OK");
  }
  void Play() {
    Reply("200 OK", "Public: DESCRIBE, GET_PARAMETER\r\n");
    PlayFromDescribe();
    ASSERT_EQ(session_.state(), RtspSession::State::kPlaying);
    (void)Asked();
  }
  GapReason Reason() { return session_.failure().value().reason; }

  MonoTime now_{std::chrono::seconds(100)};
  RtspSession session_;
  int sequence_ = 0;
};

}  // namespace yagura::ingest
