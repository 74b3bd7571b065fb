#include "ingest/camera_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "tests/ingest/h264_stream.h"
#include "tests/ingest/recording_sink.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RtpWriter;
using ::testing::SizeIs;
using namespace std::chrono_literals;

const WallTime kStart{1'800'000'000s};

std::string Reply(int sequence, const std::string& headers = "", const std::string& body = "") {
  return "RTSP/1.0 200 OK\r\nCSeq: " + std::to_string(sequence) + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// What a camera answers up to PLAY.
std::string Replies() {
  return Reply(1, "Public: GET_PARAMETER\r\n") +
         Reply(2, "", "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t\r\n") +
         Reply(3, "Session: 42\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n") + Reply(4);
}

class CameraReaderTest : public ::testing::Test {
 protected:
  CameraReaderTest() { reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_); }

  void Pass(std::chrono::milliseconds time) {
    now_.mono += time;
    now_.wall += time;
    reader_.OnTime(now_);
  }
  /// Gives it all at once, as a socket with room would.
  void Receive(const Bytes& bytes) { EXPECT_EQ(reader_.OnBytes(bytes, now_), bytes.size()); }
  void Receive(const std::string& text) {
    Bytes bytes;
    testing::Append(bytes, text);
    Receive(bytes);
  }
  Bytes Picture(bool idr) {
    Bytes bytes;
    const std::vector<Bytes> nals = {testing::MakeSps({.reorder_frames = 0}), testing::MakePps(),
                                     testing::MakeSlice(idr, 2'000, 1)};
    for (const Bytes& packet : rtp_.Picture(nals, time_ += 6'000))
      testing::Append(bytes, testing::Interleaved(0, packet));
    return bytes;
  }

  Instant now_{MonoTime(1'000s), kStart};
  testing::RecordingSink sink_;
  CameraReader reader_{sink_, kStart - 2s};
  RtpWriter rtp_;
  std::uint32_t time_ = 0;
};

TEST_F(CameraReaderTest, EveryBytesIsAsSentHoweverTheStreamIsCut) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    testing::RecordingSink sink;
    CameraReader reader(sink, kStart);
    reader.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_);
    RtpWriter rtp(static_cast<std::uint16_t>(random()));
    Bytes stream;
    testing::Append(stream, Replies());
    std::vector<Bytes> sent;
    for (std::uint32_t frame = 0; frame < 30; ++frame) {
      std::vector<Bytes> nals;
      if (frame % 10 == 0) nals = {testing::MakeSps({.reorder_frames = 0}), testing::MakePps()};
      for (auto slices = 1 + random() % 3; slices > 0; --slices) {
        nals.push_back(testing::MakeSlice(frame % 10 == 0, 2 + random() % 3'000,
                                          static_cast<std::uint32_t>(random())));
      }
      sent.push_back(testing::WithLengths(nals));
      for (const Bytes& packet : rtp.RandomPicture(nals, frame * 6'000, random)) {
        testing::Append(stream, testing::Interleaved(0, packet));
        if (random() % 20 == 0)
          testing::Append(stream, std::string("GET_PARAMETER * RTSP/1.0\r\nCSeq: 1\r\n\r\n"));
        if (random() % 20 == 0)
          testing::Append(stream, testing::Interleaved(7, Bytes(random() % 50)));
      }
    }
    Bytes waiting;  // as a connection keeps it
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size = std::min<std::size_t>(
          1 + random() % (random() % 2 == 0 ? 20 : 9'000), stream.size() - at);
      testing::Append(waiting, std::span(stream).subspan(at, size));
      at += size;
      const std::size_t taken = reader.OnBytes(waiting, now_);
      waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
      ASSERT_LT(waiting.size(), CameraReader::kMaxCarryBytes);
    }
    ASSERT_FALSE(reader.failure().has_value()) << ToString(reader.failure()->error);
    const auto units = sink.units();
    ASSERT_THAT(units, SizeIs(sent.size()));
    for (std::size_t i = 0; i < sent.size(); ++i)
      ASSERT_THAT(units[i].data.bytes(), ElementsAreArray(sent[i]));
  }
}

TEST_F(CameraReaderTest, WaitsForAKeyframeOncePlaying) {
  Receive(Replies());
  EXPECT_TRUE(reader_.playing());
  EXPECT_THAT(sink_.reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
  EXPECT_EQ(sink_.interruptions()[0].from, kStart);
  Receive(Picture(false));
  Receive(Picture(true));
  EXPECT_TRUE(reader_.flowing());
  EXPECT_THAT(sink_.units(), SizeIs(1));
}

TEST_F(CameraReaderTest, APictureBeforeTheReplyToPlayIsNotLost) {
  const std::string replies = Replies();
  const std::size_t play = replies.rfind("RTSP/1.0");
  Receive(replies.substr(0, play));
  Receive(Picture(true));
  Receive(replies.substr(play));
  EXPECT_THAT(sink_.units(), SizeIs(1));
  EXPECT_THAT(sink_.interruptions(), IsEmpty());
}

TEST_F(CameraReaderTest, SilenceIsOfTheMediaNotOfTheConnection) {
  Receive(Replies());
  Receive(Picture(true));
  for (int i = 0; i < 49; ++i) {
    Pass(100ms);
    Receive(testing::Interleaved(1, Bytes(8, 0)));      // RTCP
    Receive(testing::Interleaved(0, Bytes(12, 0x80)));  // no payload of ours
    ASSERT_FALSE(reader_.failure().has_value()) << i;
  }
  Pass(100ms);
  ASSERT_TRUE(reader_.failure().has_value());
  EXPECT_EQ(reader_.failure()->reason, GapReason::kCameraSilent);
  reader_.End(GapReason::kCameraSilent, now_);
  EXPECT_EQ(sink_.interruptions().back().from, kStart + 40ms) << "the end of the last frame";
}

TEST_F(CameraReaderTest, PacketsThatNeverMakeAFrameAreSilence) {
  Receive(Replies());
  Receive(Picture(true));
  bool begun = false;
  const auto trickle = [&](int seconds, std::size_t bytes_each) {
    for (int i = 0; i < seconds * 10 && !reader_.failure(); ++i) {
      Bytes part(bytes_each, 0);  // of a slice that goes on and on
      part[0] = 0x7C;
      part[1] = static_cast<std::uint8_t>(std::exchange(begun, true) ? 0x01 : 0x81);
      Receive(testing::Interleaved(0, rtp_.Packet(part, time_ + 6'000, false)));
      Pass(100ms);
    }
  };
  trickle(8, 1'400);
  EXPECT_FALSE(reader_.failure().has_value()) << "a large frame over a slow line";
  trickle(6, 100);
  ASSERT_TRUE(reader_.failure().has_value());
  EXPECT_EQ(reader_.failure()->reason, GapReason::kCameraSilent);
}

TEST_F(CameraReaderTest, PacketsThatAreToBeIgnoredAreSilence) {
  for (const bool flowing : {true, false}) {
    reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_);
    Receive(Replies());
    if (flowing) Receive(Picture(true));
    for (int i = 0; i < 49; ++i) {
      Receive(testing::Interleaved(0, rtp_.Packet(Bytes(60'000, 0x7E), time_ + 6'000, false)));
      Pass(100ms);
      ASSERT_FALSE(reader_.failure().has_value()) << i;
    }
    Pass(100ms);
    ASSERT_TRUE(reader_.failure().has_value());
    EXPECT_EQ(reader_.failure()->reason, GapReason::kCameraSilent);
    reader_.End(GapReason::kCameraRefused, now_);
  }
}

TEST_F(CameraReaderTest, WhatNeverEndsAsAPictureIsSilenceAfterAWhile) {
  Bytes sei(20'000, 1);
  sei[0] = 0x06;
  for (const bool flowing : {true, false}) {
    reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_);
    Receive(Replies());
    if (flowing) Receive(Picture(true));
    for (int i = 0; i < 29; ++i) {
      Pass(1s);
      ASSERT_FALSE(reader_.failure().has_value()) << i;
      Receive(testing::Interleaved(0, rtp_.Packet(sei, time_ += 90'000, true)));
    }
    Pass(1s);
    ASSERT_TRUE(reader_.failure().has_value());
    EXPECT_EQ(reader_.failure()->reason, GapReason::kCameraSilent);
    reader_.End(GapReason::kCameraRefused, now_);
  }
}

TEST_F(CameraReaderTest, AKeyframeMayBeMinutesAwayAndFramesSeconds) {
  Receive(Replies());
  for (int i = 0; i < 30; ++i) {
    Pass(4'800ms);
    Receive(Picture(false));
    ASSERT_FALSE(reader_.failure().has_value()) << i;
  }
  Receive(Picture(true));
  for (int i = 0; i < 30; ++i) {
    Pass(4'800ms);
    Receive(Picture(false));
    ASSERT_FALSE(reader_.failure().has_value()) << i;
  }
}

TEST_F(CameraReaderTest, ASilentCameraThatAnswersStaysSilentUntilAPictureComes) {
  Receive(Replies());
  Receive(Picture(true));
  for (int turn = 0; turn < 3; ++turn) {
    Pass(5s);
    ASSERT_EQ(reader_.failure().has_value(), turn == 0);
    if (turn > 0) Pass(5s);  // known to be silent, it isn't asked so often
    ASSERT_TRUE(reader_.failure().has_value());
    reader_.End(reader_.failure()->reason, now_);
    reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_);
    Receive(Replies());
  }
  EXPECT_THAT(sink_.reasons(),
              ElementsAre(GapReason::kWaitingForKeyframe, GapReason::kCameraSilent))
      << "one gap, since the last frame";
  Receive(Picture(false));
  EXPECT_EQ(sink_.reasons().back(), GapReason::kWaitingForKeyframe);
}

TEST_F(CameraReaderTest, BytesThatAreNeitherPacketNorMessageEndTheSession) {
  Receive(Replies());
  Receive(std::string("\r\n\r\n"));
  (void)reader_.OnBytes(Bytes{0x80, 0x60, 0, 1, 2, 3}, now_);
  EXPECT_EQ(reader_.failure().value().reason, GapReason::kProtocolError);
}

TEST_F(CameraReaderTest, PacketsOfNoLengthHoldNothingUp) {
  Receive(Replies());
  Bytes nothing;
  for (int channel = 0; channel < 256; ++channel)
    testing::Append(nothing, testing::Interleaved(static_cast<std::uint8_t>(channel), Bytes()));
  Receive(nothing);
  Receive(Picture(true));
  Receive(nothing);
  Receive(Picture(false));
  EXPECT_EQ(sink_.units().size(), 2u);
}

TEST_F(CameraReaderTest, TheFirstFailureCountsFromWhenTheCameraWasDue) {
  Pass(3s);
  reader_.End(GapReason::kCameraUnreachable, now_);
  EXPECT_EQ(sink_.interruptions()[0].from, kStart - 2s);
  Pass(3s);
  reader_.End(GapReason::kAuthenticationFailed, now_);
  EXPECT_EQ(sink_.interruptions()[1].from, now_.wall);
}

TEST_F(CameraReaderTest, ANewSessionIsANewTimelineAndCountersGoOn) {
  Receive(Replies());
  Receive(Picture(true));
  reader_.End(GapReason::kCameraUnreachable, now_);
  Pass(1s);
  reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_);
  Receive(Replies());
  Receive(Picture(true));
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(2));
  EXPECT_GT(units[1].timeline, units[0].timeline);
  EXPECT_EQ(units[1].pts.ticks_90k, 900'000);
  EXPECT_EQ(reader_.counters().frames, 2u);
  EXPECT_THAT(sink_.reasons(),
              ElementsAre(GapReason::kWaitingForKeyframe, GapReason::kCameraUnreachable,
                          GapReason::kWaitingForKeyframe));
}

TEST_F(CameraReaderTest, KeepsTheSessionAlive) {
  Receive(Replies());
  reader_.outbox().clear();
  for (int i = 0; i < 301; ++i) {
    Receive(Picture(i == 0));
    Pass(100ms);
  }
  EXPECT_THAT(reader_.outbox(), HasSubstr("GET_PARAMETER rtsp://cam/live RTSP/1.0"));
}

TEST_F(CameraReaderTest, ReportsWhatItReceivesEachFiveSeconds) {
  Receive(Replies());
  Receive(Picture(true));
  reader_.outbox().clear();
  for (int i = 0; i < 49; ++i) {
    Receive(Picture(false));
    Pass(100ms);
  }
  EXPECT_THAT(reader_.outbox(), IsEmpty());
  Pass(100ms);
  const std::string report = reader_.outbox();
  ASSERT_THAT(report, SizeIs(4 + 52));
  EXPECT_EQ(report.substr(0, 6), std::string("$\x01\0\x34\x81\xc9", 6)) << "on the RTCP channel";
  Pass(5s);
  EXPECT_EQ(reader_.outbox(), report) << "a camera that takes nothing gets no more";
}

TEST_F(CameraReaderTest, CredentialsAreShownInNoWeakerWayThanTheCameraTookBefore) {
  const auto challenged = [this](const std::string& challenge) {
    reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {"viewer", "secret"}, now_);
    Receive(Reply(1));
    reader_.outbox().clear();
    Receive("RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: " + challenge + "\r\n\r\n");
    return std::exchange(reader_.outbox(), {});
  };
  const std::string basic = "Basic realm=\"cam\"";
  EXPECT_THAT(challenged("Digest realm=\"cam\", nonce=\"n1\""), HasSubstr("Digest username"));
  reader_.End(GapReason::kCameraUnreachable, now_);
  EXPECT_THAT(challenged(basic), HasSubstr("Authorization: Basic")) << "nobody took the digest";
  EXPECT_THAT(challenged("Digest realm=\"cam\", nonce=\"n2\""), HasSubstr("Digest username"));
  Receive(Reply(3, "", "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"));
  reader_.End(GapReason::kCameraUnreachable, now_);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(challenged(basic), IsEmpty());
    EXPECT_EQ(reader_.failure().value().reason, GapReason::kAuthenticationFailed);
    reader_.End(GapReason::kAuthenticationFailed, now_);
  }
  EXPECT_THAT(challenged("Digest realm=\"cam\", algorithm=SHA-256, nonce=\"n3\""),
              HasSubstr("Digest username"));
  reader_.Restart(now_);
  EXPECT_THAT(challenged(basic), HasSubstr("Authorization: Basic")) << "another camera";
}

TEST_F(CameraReaderTest, LearnsHowACameraWantsToBeKeptAlive) {
  const auto play = [this] {
    reader_.Begin(ParseRtspUrl("rtsp://cam/live").value(), {}, now_);
    Receive(Replies());
    reader_.outbox().clear();
  };
  const auto keep_alive_after = [this](std::chrono::milliseconds time) {
    for (std::chrono::milliseconds passed{}; passed < time; passed += 100ms) {
      Receive(Picture(true));
      Pass(100ms);
    }
    return std::exchange(reader_.outbox(), {});
  };
  play();
  EXPECT_THAT(keep_alive_after(61s), HasSubstr("GET_PARAMETER"));
  reader_.End(GapReason::kCameraUnreachable, now_);  // closed when its timeout was over
  play();
  EXPECT_THAT(keep_alive_after(31s), HasSubstr("OPTIONS"));
  reader_.End(GapReason::kCameraUnreachable, now_);  // not for that
  play();
  EXPECT_THAT(keep_alive_after(31s), HasSubstr("OPTIONS"));
  reader_.Restart(now_);  // another camera, for all we know
  play();
  EXPECT_THAT(keep_alive_after(31s), HasSubstr("GET_PARAMETER"));
}

}  // namespace
}  // namespace yagura::ingest
