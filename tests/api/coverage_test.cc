#include "api/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::api {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

WallTime At(int s) { return WallTime(seconds(1'800'000'000 + s)); }
WallRange Range(int from, int to) { return {At(from), At(to)}; }

CoverageItem Recorded(int from, int to) {
  return {CoverageItem::Kind::kRecorded, Range(from, to), {}};
}
CoverageItem Gap(int from, int to, GapReason reason = GapReason::kCameraSilent) {
  return {CoverageItem::Kind::kGap, Range(from, to), reason};
}
CoverageItem Nothing(int from, int to) {
  return {CoverageItem::Kind::kNoFootage, Range(from, to), {}};
}
VisibleGap Missing(int from, int to, GapReason reason = GapReason::kCameraSilent) {
  return {Range(from, to), reason};
}

TEST(CoverageTest, FillsTheRangeWithoutHoles) {
  EXPECT_THAT(DescribeTime({Range(30, 40), Range(10, 20)}, {Missing(20, 25)}, Range(0, 50)),
              ElementsAre(Nothing(0, 10), Recorded(10, 20), Gap(20, 25), Nothing(25, 30),
                          Recorded(30, 40), Nothing(40, 50)));
}

TEST(CoverageTest, TellsATimeLivedTwice) {
  CoverageItem twice = Recorded(15, 20);
  twice.copies = 2;
  EXPECT_THAT(DescribeTime({Range(15, 30), Range(10, 20)}, {Missing(5, 18)}, Range(0, 30)),
              ElementsAre(Nothing(0, 5), Gap(5, 10), Recorded(10, 15), twice, Recorded(20, 30)));
}

TEST(CoverageTest, SessionsThatOverlapByAFrameAreNoTimeLivedTwice) {
  EXPECT_THAT(
      DescribeTime({Range(0, 10), {At(10) - microseconds(499'999), At(20)}}, {}, Range(0, 20)),
      ElementsAre(Recorded(0, 20)));
}

TEST(CoverageTest, JoinsWhatTouchesAndCutsWhatReachesOut) {
  EXPECT_THAT(DescribeTime({Range(-10, 10), Range(10, 20), Range(20, 99)}, {}, Range(0, 50)),
              ElementsAre(Recorded(0, 50)));
}

TEST(CoverageTest, RecordedGoesBeforeGap) {
  EXPECT_THAT(
      DescribeTime({Range(10, 20)}, {Missing(5, 25)}, Range(0, 30)),
      ElementsAre(Nothing(0, 5), Gap(5, 10), Recorded(10, 20), Gap(20, 25), Nothing(25, 30)));
}

TEST(CoverageTest, GapsOfDifferentReasonsStayApart) {
  EXPECT_THAT(
      DescribeTime({}, {Missing(0, 10), Missing(10, 20, GapReason::kVolumeFull), Missing(15, 30)},
                   Range(0, 30)),
      ElementsAre(Gap(0, 10), Gap(10, 20, GapReason::kVolumeFull), Gap(20, 30)));
}

TEST(CoverageTest, NothingAtAllIsOneItem) {
  EXPECT_THAT(DescribeTime({}, {}, Range(0, 30)), ElementsAre(Nothing(0, 30)));
  EXPECT_THAT(DescribeTime({Range(40, 50)}, {Missing(-5, 0)}, Range(0, 30)),
              ElementsAre(Nothing(0, 30)));
}

}  // namespace
}  // namespace yagura::api
