#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/limits.h"
#include "tests/ingest/video_track_fixture.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using testing::MakeRecoveryPoint;
using ::testing::SizeIs;

std::vector<std::int64_t> Pts(const std::vector<AccessUnit>& units) {
  std::vector<std::int64_t> ticks;
  for (const AccessUnit& unit : units) ticks.push_back(unit.pts.ticks_90k);
  return ticks;
}

TEST_F(VideoTrackTest, ATimelineBeginsWithAKeyframeAtTenSeconds) {
  SendFrame();
  SendFrame();
  SendIdr();
  SendFrame();
  const auto units = sink_.units();
  EXPECT_THAT(Pts(units), ElementsAre(900'000, 909'000));
  EXPECT_TRUE(units[0].keyframe);
  EXPECT_FALSE(units[1].keyframe);
  EXPECT_EQ(units[0].wall, Sent(2));
  EXPECT_EQ(units[1].wall, Sent(3));
  EXPECT_EQ(units[0].format->sps, MakeSps(sps_));
  EXPECT_EQ(units[0].format->height_px, 1'080u);
  EXPECT_THAT(sink_.reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
  EXPECT_THAT(units[1].data.bytes(),
              ElementsAreArray(testing::WithLengths({MakeSlice(false, 300, 3)})));
}

TEST_F(VideoTrackTest, ParameterSetsOfTheSdpAloneAreEnoughAndStayOutOfTheFrames) {
  Join({MakePps(), MakeSps(sps_)});
  Send({MakeSlice(true, 900, 0)});
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(1));
  EXPECT_EQ(units[0].format->pps, MakePps());
  EXPECT_THAT(units[0].data.bytes(),
              ElementsAreArray(testing::WithLengths({MakeSlice(true, 900, 0)})));
}

TEST_F(VideoTrackTest, WithoutParameterSetsNothingCanStart) {
  Send({MakeSlice(true, 900, 0)});
  EXPECT_THAT(sink_.units(), IsEmpty());
  EXPECT_THAT(sink_.reasons(), ElementsAre(GapReason::kWaitingForKeyframe));
}

TEST_F(VideoTrackTest, AFormatIsOnePointerUntilItChangesAtAKeyframe) {
  SendIdr();
  SendFrame();
  SendIdr();
  sps_.width_mbs = 60;
  Send({MakeSps(sps_), MakeSlice(false, 300, 1)});  // announced early
  SendIdr();
  const auto units = sink_.units();
  EXPECT_EQ(units[0].format, units[2].format);
  EXPECT_EQ(units[2].format, units[3].format);
  EXPECT_NE(units[3].format, units[4].format);
  EXPECT_EQ(units[4].format->width_px, 960u);
  EXPECT_EQ(units[4].timeline, units[0].timeline) << "time goes on";
  EXPECT_THAT(sink_.interruptions(), IsEmpty());
}

TEST_F(VideoTrackTest, AnotherReorderDepthBeginsATimelineWithoutLoss) {
  SendIdr();
  SendFrame();
  sps_.reorder_frames = 2;
  SendIdr();
  const auto units = sink_.units();
  EXPECT_NE(units[2].timeline, units[1].timeline);
  EXPECT_THAT(Pts(units), ElementsAre(900'000, 909'000, 900'000));
  EXPECT_THAT(sink_.interruptions(), IsEmpty());
  EXPECT_EQ(units[2].wall, Sent(2));
}

TEST_F(VideoTrackTest, BFramesGetDecodingTimes) {
  sps_ = {.profile = 100, .reorder_frames = 1, .units_in_tick = 1, .time_scale = 20};
  SendIdr();
  SendFrame(3);
  SendFrame(1);
  SendFrame(2);
  SendFrame(4);
  std::vector<std::int64_t> decoding;
  for (const AccessUnit& unit : sink_.units()) decoding.push_back(unit.dts.ticks_90k);
  EXPECT_THAT(Pts(sink_.units()), ElementsAre(900'000, 927'000, 909'000, 918'000, 936'000));
  EXPECT_THAT(decoding, ElementsAre(891'000, 900'000, 909'000, 918'000, 927'000));
}

TEST_F(VideoTrackTest, TheFirstOfReorderedFramesAreDatedByTheLeastDelayed) {
  sps_.reorder_frames = 2;
  ++sent_;
  Send({MakeSps(sps_), MakePps(), MakeSlice(true, 900, 0)}, 0);  // late by what the encoder waited
  SendFrame(2);                                                  // as it was taken
  EXPECT_THAT(sink_.units(), IsEmpty());
  SendFrame(1);
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(3));
  EXPECT_EQ(units[0].wall, Sent(0));
  EXPECT_EQ(units[1].wall, Sent(2));
  EXPECT_EQ(units[2].wall, Sent(1));
}

TEST_F(VideoTrackTest, ADamagedPictureAndAllUpToTheNextKeyframeAreLeftOutWithReasons) {
  SendIdr();
  SendFrame();
  rtp_.Skip(1);
  SendFrame();
  SendFrame();
  SendFrame();
  SendIdr();
  const auto units = sink_.units();
  EXPECT_THAT(Pts(units), ElementsAre(900'000, 909'000, 900'000));
  EXPECT_GT(units[2].timeline, units[1].timeline);
  const auto gaps = sink_.interruptions();
  ASSERT_THAT(sink_.reasons(),
              ElementsAre(GapReason::kFramesDamaged, GapReason::kWaitingForKeyframe));
  EXPECT_EQ(gaps[0].from, Sent(2)) << "the end of the last whole frame";
  EXPECT_EQ(gaps[1].from, Sent(3)) << "the first whole one that can't be used";
  EXPECT_EQ(units[2].wall, Sent(5));
  EXPECT_EQ(track_->counters().damaged_frames, 1u);
  EXPECT_EQ(track_->lost_packets(), 1u);
}

TEST_F(VideoTrackTest, ADamagedKeyframeIsNoKeyframe) {
  auto packets = rtp_.Picture({MakeSps(sps_), MakePps(), MakeSlice(true, 9'000, 1)}, 1'000);
  packets.erase(packets.begin() + 4);
  SendPackets(packets);
  EXPECT_THAT(sink_.units(), IsEmpty());
  SendIdr();
  EXPECT_THAT(sink_.units(), SizeIs(1));
}

TEST_F(VideoTrackTest, JoiningInsideAKeyframeIsNoticed) {
  Join({MakeSps(sps_), MakePps()});
  Send({testing::MakeLaterSlice(true, 300, 1)});
  EXPECT_THAT(sink_.units(), IsEmpty());
}

TEST_F(VideoTrackTest, DuplicatesAreDropped) {
  SendIdr();
  const auto packets = rtp_.Picture({MakeSlice(false, 300, 1)}, 10'000);
  SendPackets({packets[0], packets[0]});
  SendPackets({packets[0]});
  SendFrame();
  EXPECT_THAT(sink_.units(), SizeIs(3));
  EXPECT_THAT(sink_.interruptions(), IsEmpty());
}

TEST_F(VideoTrackTest, ACameraThatStepsItsNumbersBackLosesNoFrameInSilence) {
  SendIdr();
  for (int i = 0; i < 40; ++i) SendFrame();
  rtp_.Skip(-31);
  SendFrame();
  EXPECT_THAT(sink_.interruptions(), SizeIs(1));
  SendIdr();
  SendFrame();
  EXPECT_THAT(sink_.units(), SizeIs(43));
}

TEST_F(VideoTrackTest, ARecoveryPointStartsATimelineWithoutItsLeadingPictures) {
  sps_.reorder_frames = 1;
  Send({MakeSps(sps_), MakePps(), MakeRecoveryPoint(0), MakeSlice(false, 900, 0)}, 2);
  SendFrame(1);  // needs what came before
  SendFrame(4);
  SendFrame(3);
  const auto units = sink_.units();
  EXPECT_THAT(Pts(units), ElementsAre(900'000, 918'000, 909'000));
  EXPECT_TRUE(units[0].keyframe);
}

TEST_F(VideoTrackTest, ARecoveryPointInMidStreamKeepsItsLeadingPictures) {
  sps_.reorder_frames = 1;
  SendIdr();
  Send({MakeRecoveryPoint(0), MakeSlice(false, 900, 0)}, 2);
  SendFrame(1);
  EXPECT_THAT(Pts(sink_.units()), ElementsAre(900'000, 918'000, 909'000));
}

TEST_F(VideoTrackTest, AJumpOfTheCamerasTimestampsLosesNothing) {
  SendIdr();
  SendFrame();
  SendFrame(100'000);
  SendFrame(100'001);
  EXPECT_THAT(Pts(sink_.units()), ElementsAre(900'000, 909'000, 918'000, 927'000));
  EXPECT_EQ(track_->counters().timestamp_jumps, 1u);
}

TEST_F(VideoTrackTest, ALargeClockStepWaitsForAKeyframeAndLosesNothing) {
  for (int i = 0; i < 5; ++i) i == 0 ? SendIdr() : SendFrame();
  clock_step_ = 10s;
  SendFrame();
  SendFrame();
  SendIdr();
  SendFrame();
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(9));
  EXPECT_EQ(units[6].wall, Sent(6)) << "as before";
  EXPECT_EQ(units[7].wall, Sent(7) + 10s);
  EXPECT_GT(units[7].timeline, units[6].timeline);
  const auto gaps = sink_.interruptions();
  ASSERT_THAT(sink_.reasons(), ElementsAre(GapReason::kClockStep));
  EXPECT_EQ(gaps[0].from, Sent(7)) << "time that was left out";

  clock_step_ = -3600s;
  SendIdr();
  EXPECT_EQ(sink_.units().back().wall, Sent(9) - 3600s) << "time lived twice is kept";
  EXPECT_THAT(sink_.interruptions(), SizeIs(1));
}

TEST_F(VideoTrackTest, ASmallClockStepBeginsNoTimeline) {
  SendIdr();
  clock_step_ = -400ms;
  for (int i = 0; i < 20; ++i) SendIdr();
  const auto units = sink_.units();
  EXPECT_EQ(units.back().timeline, units.front().timeline);
  for (std::size_t i = 1; i < units.size(); ++i) EXPECT_GT(units[i].wall, units[i - 1].wall);
}

TEST_F(VideoTrackTest, AfterAnInterruptionTimeIsTakenAtOnce) {
  SendIdr();
  clock_step_ = 400ms;
  rtp_.Skip(1);
  for (int i = 0; i < 620; ++i) SendFrame();  // waiting, for longer than the window of arrivals
  SendIdr();
  EXPECT_EQ(sink_.units().back().wall, Sent(621) + 400ms);
}

TEST_F(VideoTrackTest, AThousandClockStepsMakeNoNegativeTimes) {
  std::mt19937 random(20'270'615);
  for (int i = 0; i < 1'000; ++i) {
    clock_step_ = milliseconds(static_cast<std::int64_t>(random() % 7'200'000) - 3'600'000);
    SendIdr();
    SendFrame();
    SendFrame();
  }
  const auto units = sink_.units();
  ASSERT_THAT(units, SizeIs(3'000));
  for (std::size_t i = 1; i < units.size(); ++i) {
    if (units[i].timeline != units[i - 1].timeline) continue;
    ASSERT_GT(units[i].wall, units[i - 1].wall);
    ASSERT_GT(units[i].dts, units[i - 1].dts);
  }
}

TEST_F(VideoTrackTest, OtherPayloadTypesAndBrokenPacketsArePassedOver) {
  SendIdr();
  Bytes other = rtp_.Packet(MakeSlice(false, 20, 1), 5'000, true);
  other[1] = 97;
  rtp_.Skip(-1);
  SendPackets({other, Bytes{1, 2, 3}, Bytes{}});
  SendFrame();
  EXPECT_THAT(sink_.units(), SizeIs(2));
  EXPECT_THAT(sink_.interruptions(), IsEmpty());
  EXPECT_EQ(track_->counters().malformed_packets, 2u);
}

TEST_F(VideoTrackTest, FaultsEndTheSessionWithTheirReason) {
  SendIdr();
  SendPackets({rtp_.Packet(Bytes{0x7d, 0, 1}, 1, true)});
  EXPECT_EQ(track_->failure().value().reason, GapReason::kUnsupportedStream);
  Join({});
  Bytes fragment(60'000, 1);
  fragment[0] = 0x7c;
  fragment[1] = 0x85;
  for (std::size_t i = 0; i < kMaxNalBytes / 60'000 + 2; ++i) {
    SendPackets({rtp_.Packet(fragment, 1, false)});
    fragment[1] = 0x05;
  }
  EXPECT_EQ(track_->failure().value().reason, GapReason::kProtocolError);
  Join({});
  Send({Bytes{0x67, 77, 0, 40, 0, 0, 0}, MakeSlice(true, 50, 1)});
  EXPECT_EQ(track_->failure().value().reason, GapReason::kUnsupportedStream)
      << "an SPS that can't be read";
  Join({});
  track_->OnRtcp(Bytes{0x81, 203, 0, 1, 0x12, 0x34, 0x56, 0x78});
  EXPECT_FALSE(track_->failure().has_value()) << "a BYE of somebody: no packet has come";
  SendIdr();
  track_->OnRtcp(Bytes{0x81, 203, 0, 1, 0, 0, 0, 7});
  EXPECT_FALSE(track_->failure().has_value()) << "a BYE of another source";
  track_->OnRtcp(Bytes{0x81, 203, 0, 1, 0x12, 0x34, 0x56, 0x78});
  EXPECT_EQ(track_->failure().value().reason, GapReason::kCameraRefused) << "BYE";
}

class VideoTrackJpegTest : public VideoTrackTest {
 protected:
  VideoTrackJpegTest() : VideoTrackTest(Codec::kJpeg) {}
  /// Of one packet; both sides in units of 8 pixels.
  void SendPicture(std::uint8_t type, std::uint8_t width, std::uint8_t height) {
    Bytes payload{0, 0, 0, 0, type, 50, width, height};
    payload.resize(1'000, 1);
    SendPackets({rtp_.Packet(payload, 9'000, true)});
  }
};

TEST_F(VideoTrackJpegTest, WhatIsNotRecordedIsNoProtocolErrorAndIsNamed) {
  SendPicture(1, 255, 255);
  EXPECT_FALSE(track_->failure().has_value());
  for (const auto& [width, height] : {std::pair{0, 135}, {240, 0}, {0, 0}}) {
    Join({});
    SendPicture(1, static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(height));
    ASSERT_TRUE(track_->failure().has_value()) << width << " x " << height;
    EXPECT_EQ(track_->failure()->reason, GapReason::kUnsupportedStream);
    EXPECT_THAT(track_->failure()->error.message(),
                ::testing::StartsWith("JPEG pictures wider or higher than 2040 pixels"));
  }
  Join({});
  SendPicture(130, 80, 60);
  ASSERT_TRUE(track_->failure().has_value());
  EXPECT_EQ(track_->failure()->reason, GapReason::kUnsupportedStream) << "a type of its own";
}

TEST_F(VideoTrackTest, KeepsTheCamerasClockBeside) {
  SendIdr();
  Bytes report(28, 0);
  report[0] = 0x80;
  report[1] = 200;
  report[3] = 6;
  for (std::size_t i = 0; i < 4; ++i) report[4 + i] = static_cast<std::uint8_t>(0x12 + 0x22 * i);
  const auto ntp = static_cast<std::uint32_t>(1'800'000'000 + 2'208'988'800 - 5);
  for (std::size_t i = 0; i < 4; ++i)
    report[8 + i] = static_cast<std::uint8_t>(ntp >> (24 - 8 * i));
  report[18] = 1'000 >> 8;
  report[19] = 1'000 & 255;
  track_->OnRtcp(report);
  EXPECT_EQ(track_->camera_clock().offset(), -5s);
}

}  // namespace
}  // namespace yagura::ingest
