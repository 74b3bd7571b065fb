#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/app/stepped_office.h"
#include "tests/support/seed.h"

/// Clocks that somebody sets: ours, and those of cameras. Nothing is lost, nothing overlaps within
/// a run, nothing lasts less than no time, and what lies in a time lived twice is marked.
namespace yagura::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr microseconds kYear = std::chrono::hours(365 * 24);

int StepsAsked() {
  const char* asked = std::getenv("YAGURA_CLOCK_STEPS");
  return asked == nullptr ? 1'000 : std::atoi(asked);
}

/// From a tenth of a second to a year, each order of magnitude as often as the next; towards now
/// where the clock is a year off.
microseconds AnyStep(std::mt19937_64& random, microseconds off) {
  std::uniform_real_distribution<double> exponent(5.0,
                                                  std::log10(static_cast<double>(kYear.count())));
  const microseconds size(static_cast<std::int64_t>(std::pow(10.0, exponent(random))));
  const bool forward = off > kYear ? false : off < -kYear ? true : random() % 2 == 0;
  return forward ? size : -size;
}

TEST(ClockStepsTest, AThousandOfEitherSignLoseNothing) {
  std::mt19937_64 random(PrintedSeed());
  SteppedOffice office(3);
  office.SetCamera(1, -kYear, 0);  // a camera whose clock is a year wrong
  office.SetCamera(2, 40s, 120);   // and one that drifts, and is set now and then
  microseconds off{0};
  const int steps = StepsAsked();
  office.Run(3s);
  for (int i = 0; i < steps; ++i) {
    const microseconds step = AnyStep(random, off);
    off += step;
    office.StepOurs(step);
    if (i % 10 == 0) office.StepCameras(2, AnyStep(random, 0us));
    office.Run(milliseconds(1'000 + 250 * static_cast<int>(random() % 20)));
  }
  office.Stop();
  EXPECT_THAT(office.Problems(), IsEmpty());
  const auto counts = office.counts();
  std::cout << steps << " steps: " << counts.frames << " frames, " << counts.runs << " runs, "
            << counts.clips << " clips, " << counts.repeated_clips << " of them repeated, "
            << counts.gaps << " gaps\n";
}

TEST(ClockStepsTest, ACameraThatIsAwayMeanwhileIsMissingInBothLives) {
  SteppedOffice office(1);
  office.Run(10s);
  office.Leave(0);
  office.Run(5min);
  office.StepOurs(-290s);
  office.Run(30s);
  office.Join(0);
  office.Run(10s);
  office.Stop();
  EXPECT_THAT(office.Problems(), IsEmpty());
  EXPECT_THAT(office.Gaps(0),
              ElementsAre("camera_unreachable 10.1-310.2", "camera_unreachable 20.2-50.0",
                          "recorder_restart 60.1-"));
}

TEST(ClockStepsTest, AfterAClockThatRanAheadNothingIsMarked) {
  SteppedOffice office(1);
  office.Run(10s);
  office.StepOurs(kYear);
  office.Run(10s);
  office.StepOurs(-kYear);
  office.Run(5min);
  office.Stop();
  EXPECT_THAT(office.Problems(), IsEmpty());
  EXPECT_EQ(office.counts().repeated_clips, 0u);
}

}  // namespace
}  // namespace yagura::testing
