#include "pictures/picture_watch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/pictures/watched_stream.h"

namespace yagura::pictures {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kGops[] = {500ms, 1000ms, 2000ms, 4000ms, 10'000ms};

const Scene kOffice{};
const Scene kBlack{.dark = true, .key_bytes = 900, .key_jitter_bytes = 60, .between_bytes = 30};
/// A covered lens: the camera turns its gain up, and sends noise.
const Scene kNoisyBlack{
    .dark = true, .key_bytes = 120'000, .key_jitter_bytes = 900, .between_bytes = 30'000};
const Scene kFrozen{.one_image = true, .key_jitter_bytes = 3, .between_bytes = 30};
/// The camera repeats one coded picture.
const Scene kRepeated{.one_image = true, .key_jitter_bytes = 0, .all_keyframes = true};
/// Nobody is there, and nothing but noise that the encoder leaves out.
const Scene kNight{.key_bytes = 30'000, .key_jitter_bytes = 150, .between_bytes = 30};

TEST(PictureWatchTest, BlackIsToldWithin30Seconds) {
  for (const Scene& black : {kBlack, kNoisyBlack}) {
    for (const milliseconds gop : kGops) {
      for (int phase = 0; phase < 10; phase += 3) {
        SCOPED_TRACE("GOP of " + std::to_string(gop.count()) + " ms, phase " +
                     std::to_string(phase));
        WatchedStream stream(gop);
        stream.Play(kOffice, 100s + gop * phase / 10);
        const WallTime begun = stream.now();
        const auto is_black = [&] { return stream.fault() == PictureFault::kBlack; };
        EXPECT_LT(stream.Play(black, 60s, is_black), 30s);
        EXPECT_GE(stream.watch().since(), begun);
        EXPECT_LE(stream.watch().since(), begun + gop);
        stream.Play(black, 60s);
        const auto is_over = [&] { return stream.fault() == PictureFault::kNone; };
        EXPECT_LE(stream.Play(kOffice, 60s, is_over), 5s + 2 * gop);
      }
    }
  }
}

TEST(PictureWatchTest, FrozenIsToldWithin60Seconds) {
  for (const Scene& frozen : {kFrozen, kRepeated}) {
    for (const milliseconds gop : kGops) {
      for (int phase = 0; phase < 10; ++phase) {
        SCOPED_TRACE("GOP of " + std::to_string(gop.count()) + " ms, phase " +
                     std::to_string(phase));
        WatchedStream stream(gop);
        stream.Play(kOffice, 100s + gop * phase / 10);
        const WallTime begun = stream.now();
        const auto is_frozen = [&] { return stream.fault() == PictureFault::kFrozen; };
        EXPECT_LT(stream.Play(frozen, 90s, is_frozen), 60s);
        EXPECT_GE(stream.watch().since(), begun);
        EXPECT_LE(stream.watch().since(), begun + 2 * gop);
        const auto is_over = [&] { return stream.fault() == PictureFault::kNone; };
        EXPECT_LE(stream.Play(kOffice, 60s, is_over), 5s + 2 * gop);
      }
    }
  }
}

TEST(PictureWatchTest, ACameraThatIsBlackFromTheStartIsTold) {
  WatchedStream stream(2s);
  const auto is_black = [&] { return stream.fault() == PictureFault::kBlack; };
  EXPECT_LT(stream.Play(kBlack, 60s, is_black), 10s);
}

TEST(PictureWatchTest, WhatCannotBeDecodedIsLookedAtLessAndLess) {
  WatchedStream stream(1s);
  const auto asked = [&](int questions) {
    return [&stream, questions] { return stream.questions() == questions; };
  };
  stream.Play(kBlack, 10s, asked(1));
  stream.SetUndecodable(true);
  stream.Play(kBlack, 60s, asked(2));
  for (const int questions : {3, 4, 5, 6, 7, 8}) {
    const seconds wait{std::min(15 << (questions - 3), 240)};
    SCOPED_TRACE(questions);
    const auto waited = stream.Play(kBlack, 400s, asked(questions));
    EXPECT_GE(waited, wait - 1s);
    EXPECT_LE(waited, wait + 2s);
  }
  stream.SetUndecodable(false);
  stream.Play(kBlack, 300s, asked(9));
  const auto is_black = [&] { return stream.fault() == PictureFault::kBlack; };
  EXPECT_LT(stream.Play(kBlack, 60s, is_black), 10s) << "an answer ends it";
}

TEST(PictureWatchTest, ANoisyOneOnceALookIsAllowed) {
  WatchedStream stream(2s);
  stream.SetLooksAllowed(false);
  stream.Play(kNoisyBlack, 60s);
  EXPECT_TRUE(stream.watch().wants_look());
  EXPECT_EQ(stream.questions(), 0);
  stream.watch().AllowLook();
  const auto is_black = [&] { return stream.fault() == PictureFault::kBlack; };
  EXPECT_LT(stream.Play(kNoisyBlack, 60s, is_black), 10s);
}

TEST(PictureWatchTest, WhatNeverChangesMuchIsLookedAtOnce) {
  WatchedStream stream(2s);
  stream.Play(kOffice, 24h);
  EXPECT_EQ(stream.questions(), 1);
}

TEST(PictureWatchTest, AnotherSceneIsNotLookedAtBeforeThatIsAllowed) {
  WatchedStream stream(2s);
  stream.Play(kOffice, 60s);
  stream.SetLooksAllowed(false);
  stream.Play(kNoisyBlack, 60s);
  EXPECT_EQ(stream.questions(), 1);
  stream.watch().AllowLook();
  stream.Play(kNoisyBlack, 4s);
  EXPECT_EQ(stream.questions(), 2) << "one look, one question";
  stream.Play(kOffice, 60s);
  EXPECT_EQ(stream.fault(), PictureFault::kNone);
}

TEST(PictureWatchTest, WhoIsLookedAtLateIsSaidToBeBlackSinceTheSizesChanged) {
  WatchedStream stream(2s);
  stream.Play(kOffice, 60s);
  stream.SetLooksAllowed(false);
  const WallTime begun = stream.now();
  stream.Play(kNoisyBlack, 240s);
  stream.SetLooksAllowed(true);
  stream.Play(kNoisyBlack, 20s);
  EXPECT_EQ(stream.fault(), PictureFault::kBlack);
  EXPECT_GE(stream.watch().since(), begun);
  EXPECT_LE(stream.watch().since(), begun + 2s);
}

TEST(PictureWatchTest, SmallOnesAreNeverLeftWaiting) {
  WatchedStream stream(2s);
  stream.SetLooksAllowed(false);
  stream.Play(kOffice, 60s);
  const auto is_black = [&] { return stream.fault() == PictureFault::kBlack; };
  EXPECT_LT(stream.Play(kBlack, 60s, is_black), 10s);
}

TEST(PictureWatchTest, AMomentOfBlackIsNoFault) {
  WatchedStream stream(1s);
  for (int i = 0; i < 20; ++i) {
    const auto told = [&] { return stream.fault() != PictureFault::kNone; };
    stream.Play(kOffice, 60s, told);
    stream.Play(kBlack, 4s, told);
  }
  EXPECT_EQ(stream.fault(), PictureFault::kNone);
}

TEST(PictureWatchTest, AStillSceneForADayIsNoFaultAndHardlyLookedAt) {
  for (Scene night :
       {kNight, Scene{.key_bytes = 2'000, .key_jitter_bytes = 20, .between_bytes = 9}}) {
    WatchedStream stream(2s, 2);
    EXPECT_EQ(stream.Play(night, 24h, [&] { return stream.fault() != PictureFault::kNone; }), 24h);
    EXPECT_LT(stream.questions(), 24 * 60 * 2) << "two a minute";
  }
}

TEST(PictureWatchTest, EvenWhereSizesNeverDifferAtMostTwoAMinuteAreLookedAt) {
  WatchedStream stream(2s, 2);
  Scene scene = kNight;
  scene.key_jitter_bytes = 0;
  stream.Play(scene, 10h);
  EXPECT_EQ(stream.fault(), PictureFault::kNone);
  EXPECT_LT(stream.questions(), 10 * 60 * 2);
}

TEST(PictureWatchTest, ACameraThatTakesAllNoiseAwayIsCalledFrozenOnceAWeekAtMost) {
  Scene night = kFrozen;
  night.noiseless = true;
  Scene day = kOffice;
  day.noiseless = true;
  WatchedStream stream(2s, 2);
  int alarms = 0;
  for (int date = 0; date < 14; ++date) {
    if (stream.Play(night, 10h, [&] { return stream.fault() == PictureFault::kFrozen; }) < 10h)
      ++alarms;
    stream.Play(day, 14h);
    EXPECT_EQ(stream.fault(), PictureFault::kNone);
  }
  EXPECT_LE(alarms, 2);
  stream.Play(night, 49h);
  EXPECT_EQ(stream.fault(), PictureFault::kFrozen) << "nor does it stand still for ever";
}

TEST(PictureWatchTest, AFaultGoesOnThroughAnInterruptionUntilPicturesSayOtherwise) {
  WatchedStream stream(2s);
  stream.Play(kOffice, 20s);
  stream.Play(kBlack, 40s);
  const WallTime since = stream.watch().since();
  stream.BeginTimeline();
  EXPECT_EQ(stream.fault(), PictureFault::kBlack);
  stream.Play(kBlack, 40s);
  EXPECT_EQ(stream.fault(), PictureFault::kBlack);
  EXPECT_EQ(stream.watch().since(), since);
  stream.BeginTimeline();
  stream.Play(kOffice, 9s);
  EXPECT_EQ(stream.fault(), PictureFault::kNone);
}

TEST(PictureWatchTest, BlackIsToldAlsoOfALineThatLosesPacketsAllTheTime) {
  WatchedStream stream(2s);
  stream.Play(kOffice, 20s);
  for (int i = 0; i < 10; ++i) {
    stream.Play(kBlack, 3s);
    stream.BeginTimeline();
  }
  EXPECT_EQ(stream.fault(), PictureFault::kBlack);
  EXPECT_LT(stream.questions(), 6) << "and not each interruption is a question";
}

TEST(PictureWatchTest, AnotherFormatIsAnotherImage) {
  WatchedStream stream(2s);
  stream.Play(kFrozen, 60s);
  EXPECT_EQ(stream.fault(), PictureFault::kFrozen);
  stream.ChangeFormat();
  stream.Play(kFrozen, 4s);
  EXPECT_EQ(stream.fault(), PictureFault::kNone);
}

TEST(PictureWatchTest, WithoutAnAnswerThereIsNoFaultAndTheQuestionComesAgain) {
  WatchedStream stream(2s);
  stream.SetDeaf(true);
  stream.Play(kBlack, 60s);
  EXPECT_EQ(stream.fault(), PictureFault::kNone);
  ASSERT_TRUE(stream.watch().TakeQuestion().has_value());
  stream.Play(kBlack, 60s);
  EXPECT_FALSE(stream.watch().TakeQuestion().has_value()) << "one at a time";
  stream.watch().Unanswered();
  stream.SetDeaf(false);
  stream.Play(kBlack, 20s);
  EXPECT_EQ(stream.fault(), PictureFault::kBlack);
}

}  // namespace
}  // namespace yagura::pictures
