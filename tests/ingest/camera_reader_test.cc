#include "ingest/camera_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "tests/ingest/camera_reader_rig.h"

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
