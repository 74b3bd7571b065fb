#include "ingest/wall_clock.h"

#include <gtest/gtest.h>

#include <random>

namespace yagura::ingest {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::uint32_t kSeed = 20'270'615;
const WallTime kStart{1'800'000'000s};

/// A camera of 15 frames a second whose clock runs `drift_ppm` faster than ours, over a network
/// with jitter.
class Simulation {
 public:
  explicit Simulation(double drift_ppm) : drift_(1 + drift_ppm * 1e-6) {}

  /// The true time of frame n, when our clock was never set.
  [[nodiscard]] WallTime TrueTime(std::int64_t frame) const {
    return kStart +
           microseconds(static_cast<std::int64_t>(static_cast<double>(frame) * 1e6 / 15 / drift_));
  }
  /// Sends frame n, `extra` later than its jitter would have it; returns the time that it was
  /// given.
  WallTime Send(std::int64_t frame, microseconds extra = {}) {
    const auto jitter = random_() % 100 == 0 ? 1'000 * (random_() % 2'000)
                                             : random_() % 40'000;  // some come seconds late
    const WallTime arrival = TrueTime(frame) + microseconds(jitter) + extra;
    const MonoTime mono(arrival - kStart + 1000s);
    last_arrival_ = std::max(last_arrival_, mono);  // TCP keeps the order
    const Instant now{
        last_arrival_,
        kStart + std::chrono::floor<microseconds>(last_arrival_ - MonoTime(1000s)) + step_};
    return clock_.Observe(frame * 6'000, now);
  }
  void StepOurClock(microseconds by) { step_ += by; }
  [[nodiscard]] WallClock& clock() { return clock_; }

 private:
  double drift_;
  std::mt19937 random_{kSeed};
  MonoTime last_arrival_{};
  microseconds step_{};
  WallClock clock_;
};

TEST(WallClockTest, ADriftingCameraForADayStaysWithin100Milliseconds) {
  for (const double drift_ppm : {200.0, -200.0, 0.0, 450.0}) {
    Simulation camera(drift_ppm);
    const std::int64_t frames = 24 * 3'600 * 15;
    WallTime last = camera.Send(0);
    microseconds worst{};
    for (std::int64_t frame = 1; frame < frames; ++frame) {
      const WallTime time = camera.Send(frame);
      ASSERT_GT(time, last);
      ASSERT_FALSE(camera.clock().off());
      last = time;
      if (frame % 900 == 0)
        worst =
            std::max(worst, std::chrono::abs(time - camera.TrueTime(frame)));  // a clip's boundary
    }
    EXPECT_LE(worst, 100ms) << drift_ppm << " ppm";
  }
}

TEST(WallClockTest, MovesByAtMost500PartsPerMillion) {
  Simulation camera(0);
  (void)camera.Send(0, 300ms);  // the first frame came late
  WallTime last = camera.Send(1);
  for (std::int64_t frame = 2; frame < 15 * 1'000; ++frame) {
    const WallTime time = camera.Send(frame);
    const double length_us = static_cast<double>((time - last).count());
    ASSERT_NEAR(length_us, 1e6 / 15, 1e6 / 15 * 500e-6 + 2);
    last = time;
  }
  EXPECT_LE(std::chrono::abs(last - camera.TrueTime(15 * 1'000 - 1)), 10ms) << "and arrives";
}

TEST(WallClockTest, ASmallStepOfOurClockIsSlewed) {
  for (const microseconds step : {400'000us, -400'000us}) {
    Simulation camera(0);
    std::int64_t frame = 0;
    while (frame < 15 * 120) (void)camera.Send(frame++);
    camera.StepOurClock(step);
    while (frame < 15 * 1'200) {
      (void)camera.Send(frame++);
      ASSERT_FALSE(camera.clock().off());
    }
    const microseconds error = camera.Send(frame) - (camera.TrueTime(frame) + step);
    EXPECT_LE(std::chrono::abs(error), 10ms);
  }
}

TEST(WallClockTest, ALargeStepIsToldAndTakenWhenAsked) {
  for (const microseconds step : {microseconds(600ms), microseconds(-1h), microseconds(24h)}) {
    Simulation camera(0);
    std::int64_t frame = 0;
    while (frame < 15 * 120) (void)camera.Send(frame++);
    camera.StepOurClock(step);
    const WallTime before = camera.Send(frame++);
    EXPECT_TRUE(camera.clock().off());
    EXPECT_LE(std::chrono::abs(before - camera.TrueTime(frame - 1)), 10ms)
        << "goes on as before until a timeline begins";
    camera.clock().Correct();
    EXPECT_FALSE(camera.clock().off());
    const microseconds error =
        camera.clock().At((frame - 1) * 6'000) - (camera.TrueTime(frame - 1) + step);
    EXPECT_LE(std::chrono::abs(error), 10ms);
  }
}

TEST(WallClockTest, AMinuteOfDelayChangesLittle) {
  Simulation camera(0);
  std::int64_t frame = 0;
  while (frame < 15 * 120) (void)camera.Send(frame++);
  while (frame < 15 * 150) (void)camera.Send(frame++, 400ms);  // half a minute of a slow network
  const WallTime time = camera.Send(frame);
  EXPECT_LE(std::chrono::abs(time - camera.TrueTime(frame)), 10ms);
}

}  // namespace
}  // namespace yagura::ingest
