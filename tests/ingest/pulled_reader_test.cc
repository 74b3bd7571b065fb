// A CameraReader whose bytes come from a pull worker.
#include <gmock/gmock.h>

#include "ingest/camera_reader.h"
#include "tests/ingest/h264_stream.h"
#include "tests/ingest/recording_sink.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using testing::RtpWriter;
using ::testing::SizeIs;
using namespace std::chrono_literals;

constexpr const char* kSdp =
    "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t\r\n";

class PulledReaderTest : public ::testing::Test {
 protected:
  PulledReaderTest() {
    reader_.BeginPulling({CameraTransport::kUdp, "rtsp://192.0.2.1/live", "u", "p"}, now_);
  }
  void Receive(const Bytes& bytes) {
    const std::size_t taken = reader_.OnBytes(bytes, now_);
    EXPECT_TRUE(taken == bytes.size() || reader_.failure());
  }
  void Receive(PullKind kind, const std::string& text) {
    Bytes payload;
    testing::Append(payload, text);
    Receive(testing::Interleaved(static_cast<std::uint8_t>(kind), payload));
  }
  void Play() {
    Receive(PullKind::kDescription, kSdp);
    Receive(PullKind::kPlaying, "");
  }
  std::vector<Bytes> Picture(bool idr) {
    const std::vector<Bytes> nals = {testing::MakeSps({.reorder_frames = 0}), testing::MakePps(),
                                     testing::MakeSlice(idr, 6'000, 1)};
    return rtp_.Picture(nals, time_ += 6'000);
  }
  void Send(const std::vector<Bytes>& packets) {
    Pass(66ms);
    for (const Bytes& packet : packets)
      Receive(testing::Interleaved(static_cast<std::uint8_t>(PullKind::kRtp), packet));
  }
  void Pass(std::chrono::milliseconds time) {
    now_.mono += time;
    now_.wall += time;
    reader_.OnTime(now_);
  }
  GapReason FailureReason() { return reader_.failure().value().reason; }

  testing::RecordingSink sink_;
  Instant now_{MonoTime(1'000s), WallTime(1'800'000'000s)};
  CameraReader reader_{sink_, now_.wall};
  RtpWriter rtp_{65'530, 0x1234'5678, Codec::kH264};
  std::uint32_t time_ = 0;
};

TEST_F(PulledReaderTest, PacketsBecomeAccessUnits) {
  EXPECT_TRUE(reader_.outbox().starts_with("$\x10"));
  Play();
  EXPECT_TRUE(reader_.playing());
  Send(Picture(true));
  Send(Picture(false));
  EXPECT_THAT(sink_.units(), SizeIs(2));
}

TEST_F(PulledReaderTest, WhatIsOvertakenOrDoubledIsStoredOnceAndInOrder) {
  Play();
  Send(Picture(true));
  auto packets = Picture(false);
  ASSERT_GE(packets.size(), 4u);
  std::swap(packets[1], packets[2]);
  packets.push_back(packets[0]);
  packets.push_back(packets.back());
  Send(packets);
  Send(Picture(false));
  EXPECT_THAT(sink_.units(), SizeIs(3));
  EXPECT_EQ(reader_.counters().damaged_frames, 0u);
}

TEST_F(PulledReaderTest, WhatIsLostIsADamagedFrameAndAGapUntilTheNextKeyframe) {
  Play();
  Send(Picture(true));
  auto packets = Picture(false);
  packets.erase(packets.begin() + 1);
  Send(packets);
  for (int i = 0; i < 4; ++i) Send(Picture(false));
  Send(Picture(true));
  EXPECT_THAT(sink_.units(), SizeIs(2));
  EXPECT_EQ(reader_.counters().damaged_frames, 1u);
  EXPECT_EQ(reader_.lost_packets(), 1u);
  EXPECT_EQ(sink_.reasons().at(1), GapReason::kFramesDamaged);
}

TEST_F(PulledReaderTest, AFailureHasItsReason) {
  const std::string frame = EncodePullFailure({PullFailure::Kind::kUnauthorised, "no"});
  Bytes bytes;
  testing::Append(bytes, frame);
  Receive(bytes);
  EXPECT_EQ(FailureReason(), GapReason::kAuthenticationFailed);
}

TEST_F(PulledReaderTest, AStreamThatWeDontRecordIsNamed) {
  Receive(PullKind::kDescription, "v=0\r\nm=video 0 RTP/AVP 32\r\n");
  EXPECT_EQ(FailureReason(), GapReason::kUnsupportedStream);
}

TEST_F(PulledReaderTest, AWorkerThatTalksNonsenseIsGivenUp) {
  for (const std::string& nonsense : {std::string("RTSP/1.0 200 OK"), std::string("$\x03\0\0", 4),
                                      std::string("$\x10\0\0", 4), std::string("$\x04\0\0", 4)}) {
    reader_.BeginPulling({CameraTransport::kUdp, "rtsp://192.0.2.1/live", "", ""}, now_);
    Bytes bytes;
    testing::Append(bytes, nonsense);
    Receive(bytes);
    EXPECT_EQ(FailureReason(), GapReason::kWorkerFailed) << nonsense;
  }
}

TEST_F(PulledReaderTest, ACameraThatComesToNothingOrFallsSilentIsNamed) {
  Pass(PullSession::kPatience);
  EXPECT_EQ(FailureReason(), GapReason::kCameraSilent);
  reader_.BeginPulling({CameraTransport::kUdp, "rtsp://192.0.2.1/live", "", ""}, now_);
  Play();
  Send(Picture(true));
  Pass(4'900ms);
  EXPECT_FALSE(reader_.failure());
  Pass(100ms);
  EXPECT_EQ(FailureReason(), GapReason::kCameraSilent);
}

TEST_F(PulledReaderTest, TheCertificateIsToldOnceAndBeforeTheDescription) {
  reader_.BeginPulling({CameraTransport::kTls, "rtsp://192.0.2.1/live", "u", "p"}, now_);
  const std::string fingerprint(64, 'a');
  Receive(PullKind::kCertificate, fingerprint);
  Play();
  EXPECT_EQ(reader_.certificate(), fingerprint);
  EXPECT_FALSE(reader_.failure().has_value());
  Receive(PullKind::kCertificate, fingerprint);
  EXPECT_EQ(FailureReason(), GapReason::kWorkerFailed);
}

TEST_F(PulledReaderTest, AnotherCertificateThanTheOrdersIsRefusedWhateverTheWorkerMakesOfIt) {
  reader_.BeginPulling(
      {CameraTransport::kTls, "rtsp://192.0.2.1/live", "", "", std::string(64, 'b')}, now_);
  Receive(PullKind::kCertificate, std::string(64, 'a'));
  EXPECT_EQ(FailureReason(), GapReason::kCertificateChanged);
  EXPECT_EQ(reader_.certificate(), std::string(64, 'a'));
}

TEST_F(PulledReaderTest, OverTlsASessionWithoutACertificateIsRefusedWhetherOneIsKnownOrNot) {
  for (const std::string& known : {std::string(64, 'a'), std::string()}) {
    reader_.BeginPulling({CameraTransport::kTls, "rtsp://192.0.2.1/live", "u", "p", known}, now_);
    Play();
    EXPECT_EQ(FailureReason(), GapReason::kWorkerFailed);
    EXPECT_EQ(reader_.failure()->error.message(), "the pull worker names no certificate");
    EXPECT_FALSE(reader_.playing());
  }
}

TEST_F(PulledReaderTest, WhatIsNoFingerprintIsNonsense) {
  Receive(PullKind::kCertificate, std::string(64, '\n'));
  EXPECT_EQ(FailureReason(), GapReason::kWorkerFailed);
}

}  // namespace
}  // namespace yagura::ingest
