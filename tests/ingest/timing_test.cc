#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <vector>

#include "ingest/back_off.h"
#include "ingest/byte_budget.h"
#include "ingest/camera_clock.h"
#include "ingest/decoding_times.h"
#include "ingest/join_paces.h"
#include "ingest/session_budget.h"

namespace yagura::ingest {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;
using namespace std::chrono_literals;

std::vector<std::int64_t> DecodingTimesOf(std::uint32_t depth,
                                          const std::vector<std::int64_t>& presentation) {
  DecodingTimes times;
  times.Start(depth, MediaTime{presentation.front()}, 10);
  std::vector<std::int64_t> decoding;
  for (const std::int64_t pts : presentation)
    decoding.push_back(times.Next(MediaTime{pts}).ticks_90k);
  return decoding;
}

TEST(DecodingTimesTest, WithoutReorderingTheyArePresentationTimes) {
  EXPECT_THAT(DecodingTimesOf(0, {900, 910, 925, 930}), ElementsAre(900, 910, 925, 930));
}

TEST(DecodingTimesTest, TheKthIsTheKMinusNthSmallestPresentationTime) {
  //                          I    P    B    B    P    B    B
  EXPECT_THAT(DecodingTimesOf(1, {900, 930, 910, 920, 960, 940, 950}),
              ElementsAre(890, 900, 910, 920, 930, 940, 950));
  EXPECT_THAT(DecodingTimesOf(2, {900, 940, 920, 910, 930, 980}),
              ElementsAre(880, 890, 900, 910, 920, 930));
}

TEST(DecodingTimesTest, AStreamThatReordersMoreThanItSaysStillRises) {
  EXPECT_THAT(DecodingTimesOf(0, {900, 930, 910, 920, 940}), ElementsAre(900, 930, 931, 932, 940));
}

/// Frames 0 to 299 in a decoding order in which at most `depth` go before one that is shown earlier
/// (E.2.1).
std::vector<std::int64_t> RandomOrder(std::uint32_t depth, std::mt19937& random) {
  std::vector<std::int64_t> order = {0};
  std::set<std::int64_t> ahead;
  for (std::int64_t next = 1; next < 300;) {
    const auto later = next + 1 + static_cast<std::int64_t>(random() % (depth + 1));
    if (ahead.size() < depth && later < 300 && random() % 2 == 0) {
      if (ahead.insert(later).second) order.push_back(later);
      continue;
    }
    order.push_back(next++);
    while (ahead.erase(next) > 0) ++next;
  }
  return order;
}

TEST(DecodingTimesTest, RiseAndNeverPassPresentationInEveryAllowedOrder) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto depth = static_cast<std::uint32_t>(random() % (DecodingTimes::kMaxReorderDepth + 1));
    std::vector<std::int64_t> presentation = RandomOrder(depth, random);
    ASSERT_EQ(presentation.size(), 300u);
    for (std::int64_t& pts : presentation) pts *= 10;
    const auto decoding = DecodingTimesOf(depth, presentation);
    for (std::size_t i = 0; i < decoding.size(); ++i) {
      if (i > 0) {
        ASSERT_GT(decoding[i], decoding[i - 1]) << "frame " << i;
      }
      ASSERT_LE(decoding[i], presentation[i]) << "frame " << i;
      if (i >= depth) {
        ASSERT_EQ(decoding[i], static_cast<std::int64_t>(i - depth) * 10) << "frame " << i;
      }
    }
  }
}

TEST(BackOffTest, ComesBackSoonToWhoIsAway) {
  BackOff back_off(7);
  EXPECT_THAT(back_off.Next(GapReason::kCameraUnreachable), AllOf(Ge(100ms), Le(120ms)));
  for (int i = 0; i < 100; ++i) EXPECT_LE(back_off.Next(GapReason::kCameraUnreachable), 1'500ms);
  back_off.Succeeded();
  EXPECT_LE(back_off.Next(GapReason::kCameraUnreachable), 120ms);
}

TEST(BackOffTest, TriesWrongCredentialsThreeTimesAMinuteAtMost) {
  BackOff back_off(7);
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(back_off.Next(GapReason::kAuthenticationFailed), AllOf(Ge(20s), Le(24s)));
}

TEST(BackOffTest, LeavesWhoCannotBeUnderstoodAloneForLonger) {
  BackOff back_off(7);
  EXPECT_LE(back_off.Next(GapReason::kProtocolError), 1'200ms);
  milliseconds last{};
  for (int i = 0; i < 10; ++i) last = back_off.Next(GapReason::kProtocolError);
  EXPECT_THAT(last, AllOf(Ge(30s), Le(36s)));
  EXPECT_LE(back_off.Next(GapReason::kCameraRefused), 600ms) << "another reason begins anew";
}

TEST(BackOffTest, CamerasDoNotComeBackTogether) {
  std::vector<milliseconds> waits;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    BackOff back_off(seed * 0x9e37'79b9'7f4a'7c15);
    for (int i = 0; i < 6; ++i) (void)back_off.Next(GapReason::kCameraUnreachable);
    waits.push_back(back_off.Next(GapReason::kCameraUnreachable));
  }
  const auto [least, most] = std::minmax_element(waits.begin(), waits.end());
  EXPECT_GE(*most - *least, 150ms);
}

TEST(SessionBudgetTest, NoCameraIsAskedMoreThanSixTimesAMinute) {
  for (const GapReason reason :
       {GapReason::kCameraUnreachable, GapReason::kCameraRefused, GapReason::kProtocolError,
        GapReason::kUnsupportedStream, GapReason::kAuthenticationFailed}) {
    BackOff back_off(7);
    SessionBudget budget;
    std::vector<MonoTime> asked;
    for (MonoTime now{1000s}; now < MonoTime(2000s);) {
      asked.push_back(now);
      budget.NoteSession(Stream::kMain, now);
      now = std::max(now + back_off.Next(reason), budget.NextAt(Stream::kMain));
    }
    EXPECT_GE(asked.size(), 30u) << ToString(reason);
    for (std::size_t i = 6; i < asked.size(); ++i)
      EXPECT_GE(asked[i] - asked[i - 6], 60s) << ToString(reason);
  }
}

TEST(SessionBudgetTest, ACameraThatRefusesWhileItStartsIsAskedSoonAfterItIsReady) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    for (std::chrono::seconds ready = 0s; ready <= 40s; ready += 4s) {
      BackOff back_off(seed * 0x9e37'79b9'7f4a'7c15);
      SessionBudget budget;
      MonoTime now{1000s};
      for (int asked = 1; now < MonoTime(1000s + ready); ++asked) {
        ASSERT_LE(asked, 6) << "seed " << seed;
        budget.NoteSession(Stream::kMain, now);
        now =
            std::max(now + back_off.Next(GapReason::kCameraRefused), budget.NextAt(Stream::kMain));
      }
      ASSERT_LE(now, MonoTime(1000s + ready + (ready == 20s ? 15s : 20s))) << "seed " << seed;
    }
  }
}

TEST(SessionBudgetTest, FootageIsAFreshStart) {
  SessionBudget budget;
  for (int i = 0; i < 6; ++i) budget.NoteSession(Stream::kMain, MonoTime(1000s + i * 1s));
  EXPECT_EQ(budget.NextAt(Stream::kMain), MonoTime(1060s));
  budget.Forget(Stream::kMain);
  EXPECT_LE(budget.NextAt(Stream::kMain), MonoTime(1006s));
}

TEST(SessionBudgetTest, BothStreamsTogetherAskNoMoreAndTheMainOneComesFirst) {
  for (const GapReason reason : {GapReason::kCameraRefused, GapReason::kProtocolError}) {
    struct Asking {
      Stream stream;
      BackOff back_off;
      MonoTime at;
      int times = 0;
    };
    std::array<Asking, 2> streams{{{Stream::kMain, BackOff(7), MonoTime(1000s)},
                                   {Stream::kSub, BackOff(8), MonoTime(1000s)}}};
    SessionBudget budget;
    std::vector<MonoTime> asked;
    for (;;) {
      Asking& next = streams[0].at <= streams[1].at ? streams[0] : streams[1];
      if (next.at >= MonoTime(2000s)) break;
      if (budget.NextAt(next.stream) > next.at) {  // the other one was asked meanwhile
        next.at = budget.NextAt(next.stream);
        continue;
      }
      asked.push_back(next.at);
      ++next.times;
      budget.NoteSession(next.stream, next.at);
      next.at = std::max(next.at + next.back_off.Next(reason), budget.NextAt(next.stream));
    }
    for (std::size_t i = 6; i < asked.size(); ++i)
      EXPECT_GE(asked[i] - asked[i - 6], 60s) << ToString(reason);
    EXPECT_GE(streams[0].times, 2 * streams[1].times) << ToString(reason);
    EXPECT_GE(streams[1].times, 1) << "what fails has to be known";
  }
}

TEST(SessionBudgetTest, ASubStreamThatFailsKeepsTheMainOneFromNothing) {
  SessionBudget budget;
  budget.NoteSession(Stream::kSub, MonoTime(1000s));
  budget.NoteSession(Stream::kSub, MonoTime(1001s));
  EXPECT_EQ(budget.NextAt(Stream::kSub), MonoTime(1060s));
  EXPECT_LE(budget.NextAt(Stream::kMain), MonoTime(1001s));
  budget.Forget(Stream::kMain);  // its footage comes all the time
  EXPECT_EQ(budget.NextAt(Stream::kSub), MonoTime(1060s));
}

TEST(JoinPaceTest, SomeAtOnceThenOneAfterTheOther) {
  JoinPace pace(JoinPaces::kSessions);
  std::vector<MonoTime> turns;
  for (int i = 0; i < 200; ++i) turns.push_back(pace.Reserve(MonoTime(1000s)));
  EXPECT_LE(turns[24], MonoTime(1000s));
  EXPECT_EQ(turns[25], MonoTime(1000s + 10ms));
  EXPECT_EQ(turns[199], MonoTime(1000s + 1'750ms));
  EXPECT_LE(pace.Reserve(MonoTime(1010s)), MonoTime(1010s)) << "one that comes back alone";
}

TEST(ByteBudgetTest, NoCameraComesNearAndAFloodIsNoticed) {
  ByteBudget budget;
  MonoTime now(1000s);
  for (int i = 0; i < 1'000; ++i, now += 100ms)
    ASSERT_TRUE(budget.Take(100'000'000 / 8 / 10, now)) << "100 Mbit/s, for ever";
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(budget.Take(12'500'000, now)) << "four seconds at once";
  std::size_t taken = 0;
  while (budget.Take(256 * 1024, now)) taken += 256 * 1024;
  EXPECT_LE(taken, ByteBudget::kBytesAtOnce);
  EXPECT_TRUE(budget.Take(1'000'000, now + 10s));
}

TEST(CameraClockTest, KeepsOffsetAndDrift) {
  CameraClock clock;
  const WallTime start{1'800'000'000s};
  EXPECT_EQ(clock.offset(), std::nullopt);
  for (int i = 0; i <= 60; ++i) clock.Note(start + i * 10'002ms - 3s, start + i * 10s);
  EXPECT_EQ(clock.offset(), -3s + 120ms);
  EXPECT_NEAR(clock.drift_ppm().value(), 200, 0.1);
  clock.Note(start + 700s, start + 610s);
  EXPECT_EQ(clock.offset(), 90s);
  EXPECT_EQ(clock.drift_ppm(), std::nullopt) << "somebody set it";
}

}  // namespace
}  // namespace yagura::ingest
