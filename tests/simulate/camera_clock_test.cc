#include "simulate/camera_clock.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace yagura::simulate {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr MonoTime kOrigin{seconds(1000)};

TEST(CameraClock, FramesAreDueAtTheRate) {
  const CameraClock clock(kOrigin, {15, 1}, 0);
  EXPECT_EQ(clock.DueTime(0), kOrigin);
  EXPECT_EQ(clock.DueTime(15), kOrigin + seconds(1));
  EXPECT_EQ(clock.DueTime(15 * 86'400), kOrigin + hours(24));
  EXPECT_EQ(clock.LengthOf(30), seconds(2));
}

TEST(CameraClock, FirstDueIsTheNextFrameAndNeverAPastOne) {
  const CameraClock clock(kOrigin, {30'000, 1001}, 50);
  EXPECT_EQ(clock.FirstDue(kOrigin - seconds(5)), 0u);
  for (const std::uint64_t number : {0ULL, 1ULL, 7ULL, 1'000'003ULL}) {
    EXPECT_EQ(clock.FirstDue(clock.DueTime(number)), number);
    EXPECT_EQ(clock.FirstDue(clock.DueTime(number) + nanoseconds(1)), number + 1);
  }
}

TEST(CameraClock, TwoHundredPpmAreSeventeenSecondsADay) {
  const CameraClock fast(kOrigin, {15, 1}, 200);
  const auto day = fast.DueTime(15 * 86'400) - kOrigin;
  EXPECT_NEAR(std::chrono::duration<double>(hours(24) - day).count(), 17.28, 0.01);
  EXPECT_NEAR(static_cast<double>(fast.TicksAt(kOrigin + hours(24))), 86'417.28 * 90'000, 2);
}

TEST(CameraClock, TimestampsAreByTheCamerasOwnClockWhateverItsDrift) {
  for (const double drift_ppm : {0.0, 200.0, -300.0}) {
    const CameraClock clock(kOrigin, {25, 1}, drift_ppm);
    EXPECT_EQ(clock.TicksAt(std::int64_t{25}), 90'000);
    EXPECT_EQ(clock.TicksAt(std::int64_t{-2}), -7'200);
    EXPECT_LE(
        std::abs(clock.TicksAt(clock.DueTime(2'500'000)) - clock.TicksAt(std::int64_t{2'500'000})),
        1);
  }
}

}  // namespace
}  // namespace yagura::simulate
