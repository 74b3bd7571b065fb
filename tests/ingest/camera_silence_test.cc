// When a camera that is connected counts as silent.
#include <gmock/gmock.h>

#include <utility>

#include "tests/ingest/camera_reader_rig.h"

namespace yagura::ingest {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

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

}  // namespace
}  // namespace yagura::ingest
