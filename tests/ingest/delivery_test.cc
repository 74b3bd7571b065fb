#include "ingest/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ingest/recording_sink.h"

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

const WallTime kStart{1'800'000'000s};

class DeliveryTest : public ::testing::Test {
 protected:
  void Frame(microseconds at) {
    AccessUnit unit;
    unit.wall = kStart + at;
    delivery_.Deliver(unit, 40ms);
  }
  std::vector<microseconds> Froms() const {
    std::vector<microseconds> froms;
    for (const auto& interruption : sink_.interruptions())
      froms.push_back(interruption.from - kStart);
    return froms;
  }
  testing::RecordingSink sink_;
  Delivery delivery_{sink_, kStart};
};

TEST_F(DeliveryTest, AnInterruptionBeginsWhereTheLastFrameShownEnds) {
  (void)delivery_.BeginTimeline();
  Frame(0ms);
  Frame(120ms);
  Frame(80ms);  // shown before the one before
  delivery_.Interrupt(GapReason::kCameraSilent, kStart + 5s);
  EXPECT_THAT(Froms(), ElementsAre(160ms));
}

TEST_F(DeliveryTest, EachReasonIsToldOnceAndFromWhenItHolds) {
  delivery_.Interrupt(GapReason::kCameraUnreachable, kStart);
  delivery_.Interrupt(GapReason::kCameraUnreachable, kStart + 1s);
  delivery_.Interrupt(GapReason::kAuthenticationFailed, kStart + 2s);
  delivery_.Interrupt(GapReason::kWaitingForKeyframe, kStart + 1'900ms);
  EXPECT_THAT(sink_.reasons(),
              ElementsAre(GapReason::kCameraUnreachable, GapReason::kAuthenticationFailed,
                          GapReason::kWaitingForKeyframe));
  EXPECT_THAT(Froms(), ElementsAre(0s, 2s, 2s)) << "never back, but for a step of the clock";
}

TEST_F(DeliveryTest, ATimelineInThePastHasItsOwnEnd) {
  const auto first = delivery_.BeginTimeline();
  Frame(3600s);
  EXPECT_GT(delivery_.BeginTimeline(), first);
  Frame(0s);
  delivery_.Interrupt(GapReason::kCameraSilent, kStart);
  EXPECT_THAT(Froms(), ElementsAre(40ms));
}

}  // namespace
}  // namespace yagura::ingest
