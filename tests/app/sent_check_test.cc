#include "app/sent_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kEpoch = 77;
constexpr WallTime kStart{seconds(1'800'000'000)};
constexpr milliseconds kInterval{100};

WallTime InstantOf(std::uint64_t number) { return kStart + kInterval * number; }

/// Camera 3 sends frames [0, count) at 10 a second in one session.
SentLog LogOf(std::uint64_t count) {
  SentLog log;
  log.cameras.push_back({3, "/camera/3"});
  log.sessions.push_back({1, 3, kEpoch, 0, kStart});
  for (std::uint64_t n = 0; n < count; ++n) {
    log.frames.push_back({.session = 1,
                          .number = n,
                          .crc = static_cast<std::uint32_t>(n * 7),
                          .sent = InstantOf(n),
                          .captured = InstantOf(n)});
  }
  return log;
}

StoredFrame Stored(std::uint64_t number) {
  return {.epoch = kEpoch,
          .number = number,
          .crc = static_cast<std::uint32_t>(number * 7),
          .intact = true,
          .dated = InstantOf(number),
          .place = "clip"};
}

class SentCheckTest : public ::testing::Test {
 protected:
  SentCheckTest() {
    camera_.number = 3;
    camera_.name = "1F-03";
    camera_.due = {{kStart, kStart + seconds(3600)}};
    camera_.settled_until = kStart + seconds(3600);
  }
  void Store(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t n = from; n < to; ++n) camera_.stored.push_back(Stored(n));
  }
  SentVerdict Judge(std::uint64_t sent) { return JudgeSentFrames(LogOf(sent), camera_); }

  CameraEvidence camera_;
};

TEST_F(SentCheckTest, AllStoredIsInOrder) {
  Store(0, 20);
  const SentVerdict verdict = Judge(20);
  EXPECT_EQ(verdict.stored, 20);
  EXPECT_EQ(verdict.lost, 0);
  EXPECT_THAT(verdict.disagreements, IsEmpty());
}

TEST_F(SentCheckTest, AMissingFrameIsLostUnlessAGapSaysWhy) {
  Store(0, 5);
  Store(15, 20);
  EXPECT_EQ(Judge(20).lost, 10);
  EXPECT_THAT(Judge(20).disagreements, ElementsAre(HasSubstr("frames 5 to 14")));
  camera_.gaps = {{InstantOf(5), InstantOf(15)}};
  EXPECT_EQ(Judge(20).in_gaps, 10);
  EXPECT_THAT(Judge(20).disagreements, IsEmpty());
}

TEST_F(SentCheckTest, AFrameBrokenOnTheWayIsMissedLikeAnyOther) {
  SentLog log = LogOf(20);
  log.frames[7].broken = true;
  Store(0, 7);
  Store(8, 20);
  const SentVerdict silent = JudgeSentFrames(log, camera_);
  EXPECT_EQ(silent.broken, 1);
  EXPECT_EQ(silent.lost, 1);
  camera_.gaps = {{InstantOf(7), InstantOf(8)}};
  EXPECT_EQ(JudgeSentFrames(log, camera_).in_gaps, 1);
  log.frames.push_back(log.frames[7]);  // whole, in another session
  log.frames.back().broken = false;
  EXPECT_EQ(JudgeSentFrames(log, camera_).broken, 0);
}

TEST_F(SentCheckTest, AGapCoversNothingBeyondItsEdges) {
  Store(0, 2);
  camera_.gaps = {{InstantOf(5), InstantOf(20)}};
  EXPECT_THAT(Judge(20).disagreements, ElementsAre(HasSubstr("frames 2 to 3 ")));
}

TEST_F(SentCheckTest, AGapIsDatedAsTheFramesBesideIt) {
  Store(0, 5);
  Store(8, 20);
  camera_.gaps = {{InstantOf(9), InstantOf(12)}};
  EXPECT_THAT(Judge(20).disagreements, ElementsAre(HasSubstr("frames 5 to 7 ")));
  for (StoredFrame& frame : camera_.stored) frame.dated += kInterval * 4;
  EXPECT_EQ(Judge(20).in_gaps, 3);
  EXPECT_THAT(Judge(20).disagreements, IsEmpty());
  camera_.gaps = {{InstantOf(11), InstantOf(12)}};
  EXPECT_THAT(Judge(20).disagreements, ElementsAre(HasSubstr("frames 5 to 5 ")));
}

TEST_F(SentCheckTest, ADateThatErrsByMoreThanIngestMayDoesNotMoveAGap) {
  Store(0, 5);
  Store(8, 20);
  for (StoredFrame& frame : camera_.stored) frame.dated += kInterval * 6;
  camera_.gaps = {{InstantOf(11), InstantOf(14)}};
  EXPECT_EQ(Judge(20).lost, 3);
}

TEST_F(SentCheckTest, FramesStoredTwiceChangedOrForeignAreFound) {
  Store(0, 20);
  camera_.stored.push_back(Stored(4));
  camera_.stored[6].crc = 1;
  camera_.stored[7].intact = false;
  camera_.stored.push_back(Stored(21));
  EXPECT_THAT(Judge(20).disagreements, ElementsAre(HasSubstr("frame 6 was stored with other bytes"),
                                                   HasSubstr("frame 7 was stored with other bytes"),
                                                   HasSubstr("frame 4 is stored twice"),
                                                   HasSubstr("frame 21 was never sent")));
}

TEST_F(SentCheckTest, WhatWasNotDueMayBeMissing) {
  camera_.due = {{InstantOf(10), InstantOf(20)}};
  Store(10, 20);
  EXPECT_EQ(Judge(30).sent, 10);
  EXPECT_THAT(Judge(30).disagreements, IsEmpty());
}

TEST_F(SentCheckTest, TheNewestFramesMayStillBeInMemory) {
  camera_.settled_until = InstantOf(15);
  Store(0, 12);
  const SentVerdict verdict = Judge(20);
  EXPECT_EQ(verdict.unsettled, 4);
  EXPECT_EQ(verdict.lost, 4);
}

TEST_F(SentCheckTest, TheLogOfAFarmThatGoesOnMayBeBehindTheFiles) {
  Store(0, 23);
  EXPECT_THAT(Judge(20).disagreements, ElementsAre(HasSubstr("frame 20 was never sent"),
                                                   HasSubstr("frame 21 was never sent"),
                                                   HasSubstr("frame 22 was never sent")));
  camera_.settled_until = InstantOf(15);
  EXPECT_THAT(Judge(20).disagreements, IsEmpty());
}

}  // namespace
}  // namespace yagura::app
