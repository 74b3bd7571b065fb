#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/interleaved.h"
#include "ingest/rtcp.h"
#include "ingest/rtp_packet.h"
#include "ingest/rtp_timeline.h"
#include "tests/ingest/h264_stream.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

TEST(InterleavedTest, FramesInPlaceAndCutOnes) {
  Bytes bytes = testing::Interleaved(255, Bytes(3, 7));
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_EQ(FirstInterleavedFrame(std::span(bytes).first(size)).size_bytes, 0u);
  }
  const InterleavedFrame frame = FirstInterleavedFrame(bytes);
  EXPECT_EQ(frame.size_bytes, 7u);
  EXPECT_EQ(frame.channel, 255);
  EXPECT_EQ(frame.payload.data(), bytes.data() + 4);
  EXPECT_EQ(FirstInterleavedFrame(testing::Interleaved(0, Bytes(65'535))).size_bytes,
            kMaxInterleavedBytes);
  EXPECT_EQ(FirstInterleavedFrame(testing::Interleaved(0, Bytes())).size_bytes, 4u);
}

Bytes Header(std::uint8_t first, std::size_t size) {
  Bytes bytes = {first, 0xe0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8};
  bytes.resize(size, 0);
  return bytes;
}

TEST(RtpPacketTest, ReadsTheHeader) {
  RtpPacket packet;
  const Bytes bytes = Header(0x80, 15);
  ASSERT_TRUE(ParseRtp(bytes, packet));
  EXPECT_TRUE(packet.marker);
  EXPECT_EQ(packet.payload_type, 96);
  EXPECT_EQ(packet.sequence, 0x1234);
  EXPECT_EQ(packet.time.ticks, 0x01020304u);
  EXPECT_EQ(packet.source, 0x05060708u);
  EXPECT_EQ(packet.payload.size(), 3u);
}

TEST(RtpPacketTest, LeavesSourcesExtensionAndPaddingOut) {
  Bytes bytes =
      Header(0x80 | 0x20 | 0x10 | 2, 12 + 8);  // padding, extension, two contributing sources
  testing::Append(bytes, Bytes{0xbe, 0xde, 0, 1, 9, 9, 9, 9, 'a', 'b', 'c', 0, 0, 3});
  RtpPacket packet;
  ASSERT_TRUE(ParseRtp(bytes, packet));
  EXPECT_THAT(packet.payload, ElementsAre('a', 'b', 'c'));
}

TEST(RtpPacketTest, RefusesWhatIsCutShort) {
  RtpPacket packet;
  const Bytes whole = Header(0x80, 12);
  for (std::size_t size = 0; size < 12; ++size)
    EXPECT_FALSE(ParseRtp(std::span(whole).first(size), packet)) << size;
  EXPECT_FALSE(ParseRtp(Header(0x40, 20), packet)) << "version 1";
  EXPECT_FALSE(ParseRtp(Header(0x8f, 70), packet)) << "15 sources need 72 bytes";
  EXPECT_FALSE(ParseRtp(Header(0x90, 15), packet)) << "extension header cut";
  Bytes long_extension = Header(0x90, 12);
  testing::Append(long_extension, Bytes{0, 0, 0xff, 0xff, 1, 2, 3, 4});
  EXPECT_FALSE(ParseRtp(long_extension, packet));
  Bytes padding = Header(0xa0, 14);
  padding.back() = 3;
  EXPECT_FALSE(ParseRtp(padding, packet));
  padding.back() = 2;
  EXPECT_TRUE(ParseRtp(padding, packet));
}

RtpPacket Numbered(std::uint16_t sequence, std::uint32_t source = 1) {
  RtpPacket packet;
  packet.sequence = sequence;
  packet.source = source;
  return packet;
}

TEST(RtpSequenceTest, TellsLossFromDuplicates) {
  using Step = RtpSequence::Step;
  RtpSequence sequence;
  EXPECT_EQ(sequence.Follow(Numbered(65'534)), Step::kFirst);
  EXPECT_EQ(sequence.Follow(Numbered(65'535)), Step::kNext);
  EXPECT_EQ(sequence.Follow(Numbered(0)), Step::kNext) << "wraps";
  EXPECT_EQ(sequence.Follow(Numbered(0)), Step::kDuplicate);
  EXPECT_EQ(sequence.Follow(Numbered(65'530)), Step::kDuplicate) << "late";
  EXPECT_EQ(sequence.Follow(Numbered(4)), Step::kLoss);
  EXPECT_EQ(sequence.lost(), 3u);
  EXPECT_EQ(sequence.Follow(Numbered(5, 2)), Step::kLoss) << "another source";
  EXPECT_EQ(sequence.Follow(Numbered(6, 2)), Step::kNext);
  EXPECT_EQ(sequence.Follow(Numbered(40'000, 2)), Step::kLoss) << "the camera counts anew";
  EXPECT_EQ(sequence.Follow(Numbered(40'001, 2)), Step::kNext);
}

TEST(RtcpTest, ReadsASenderReportAmongOthers) {
  Bytes bytes = {0x81, 201, 0, 1, 0, 0, 0, 9};  // a receiver report
  testing::Append(bytes, Bytes{0x80, 200, 0, 6, 0,    0,    0, 7, 0xe9, 0x3c, 0x7f, 0x00, 0x80, 0,
                               0,    0,   0, 0, 0x12, 0x34, 0, 0, 0,    1,    0,    0,    0,    2});
  testing::Append(bytes, Bytes{0x81, 203, 0, 1, 0, 0, 0, 7});
  const RtcpContent content = ParseRtcp(bytes);
  ASSERT_TRUE(content.report.has_value());
  EXPECT_EQ(content.report->source, 7u);
  EXPECT_EQ(content.report->rtp.ticks, 0x1234u);
  EXPECT_EQ(FormatRfc3339(content.report->camera_time), "2024-01-01T00:00:00.500000Z");
  EXPECT_TRUE(content.bye);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    (void)ParseRtcp(std::span(bytes).first(size));
}

TEST(RtcpTest, WhatIsSaidOfOtherSourcesDoesNotConcernUs) {
  Bytes bytes = {0x80, 200, 0, 6, 0,    0,    0, 8, 0xe9, 0x3c, 0x7f, 0x00, 0x80, 0,
                 0,    0,   0, 0, 0x12, 0x34, 0, 0, 0,    1,    0,    0,    0,    2};
  testing::Append(bytes, Bytes{0x82, 203, 0, 2, 0, 0, 0, 9, 0, 0, 0, 8});  // BYE of 9 and 8
  EXPECT_EQ(ParseRtcp(bytes, 7).report, std::nullopt);
  EXPECT_FALSE(ParseRtcp(bytes, 7).bye);
  EXPECT_EQ(ParseRtcp(bytes, 8).report->ntp, 0xe93c'7f00'8000'0000u);
  EXPECT_TRUE(ParseRtcp(bytes, 8).bye);
  EXPECT_FALSE(ParseRtcp(bytes, 9).report.has_value());
  EXPECT_TRUE(ParseRtcp(bytes, 9).bye);
  EXPECT_TRUE(ParseRtcp(Bytes{0x80, 203, 0, 0}, 7).bye) << "of all";
  EXPECT_FALSE(ParseRtcp(Bytes{0x82, 203, 0, 1, 0, 0, 0, 9}, 7).bye) << "shorter than it says";
}

TEST(RtcpTest, ACameraWithoutAClockReportsNothing) {
  Bytes report(28, 0);
  report[0] = 0x80;
  report[1] = 200;
  report[3] = 6;
  EXPECT_EQ(ParseRtcp(report).report, std::nullopt);
  report[8] = 0x01;  // era 1 of NTP
  EXPECT_EQ(FormatRfc3339(ParseRtcp(report).report->camera_time).substr(0, 4), "2036");
}

class RtpTimelineTest : public ::testing::Test {
 protected:
  RtpTimeline::Position Frame(std::uint32_t ticks, std::chrono::milliseconds later,
                              std::uint32_t depth = 0) {
    now_ += later;
    return timeline_.Place({ticks}, now_, depth);
  }
  MonoTime now_{5s};
  RtpTimeline timeline_;
};

TEST_F(RtpTimelineTest, UnwrapsAtTheEndOf32Bits) {
  EXPECT_EQ(Frame(0xffff'f000, 0ms).ticks, 0);
  EXPECT_EQ(Frame(0x0000'0770, 67ms).ticks, 6'000);
  EXPECT_EQ(timeline_.Locate({0xffff'ffff}), 4'095);
  EXPECT_EQ(timeline_.Locate({0x8000'0000}), std::nullopt) << "a report that names another axis";
}

TEST_F(RtpTimelineTest, FollowsTheCameraThroughStallsAndBursts) {
  Frame(0, 0ms);
  EXPECT_EQ(Frame(6'000, 4'000ms).ticks, 6'000) << "came late";
  for (std::uint32_t i = 2; i < 60; ++i) {
    const auto place = Frame(i * 6'000, 0ms);
    EXPECT_EQ(place.ticks, i * 6'000);
    EXPECT_FALSE(place.jumped);
  }
}

TEST_F(RtpTimelineTest, BridgesJumpsByTheTimeThatPassed) {
  Frame(1'000'000, 0ms);
  const auto forward = Frame(900'000'000, 40ms);
  EXPECT_TRUE(forward.jumped);
  EXPECT_EQ(forward.ticks, 3'600);
  const auto back = Frame(1'000'000, 40ms);
  EXPECT_TRUE(back.jumped);
  EXPECT_EQ(back.ticks, 7'200);
  EXPECT_EQ(Frame(1'006'000, 67ms).ticks, 13'200) << "and goes on from there";
  EXPECT_TRUE(Frame(1'006'000 + 90'000 * 3, 67ms).jumped) << "three seconds in no time";
}

TEST_F(RtpTimelineTest, GoesBackOnlyWhereFramesAreReordered) {
  Frame(18'000, 0ms, 2);
  EXPECT_EQ(Frame(6'000, 67ms, 2).ticks, -12'000);
  EXPECT_EQ(Frame(12'000, 67ms, 2).ticks, -6'000);
  EXPECT_TRUE(Frame(6'000, 67ms, 0).jumped);
  EXPECT_TRUE(Frame(6'000, 67ms, 0).jumped) << "nor does it stand";
}

TEST_F(RtpTimelineTest, SlowCamerasDoNotJump) {
  Frame(0, 0ms);
  for (std::uint32_t i = 1; i < 20; ++i) EXPECT_FALSE(Frame(i * 450'000, 5'000ms).jumped);
  EXPECT_FALSE(Frame(20 * 450'000, 0ms).jumped) << "a burst of slow frames";
}

}  // namespace
}  // namespace yagura::ingest
