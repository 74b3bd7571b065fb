#include "fleet/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace yagura::fleet {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

WallTime At(int second) { return WallTime(seconds(1'800'000'000 + second)); }
WallRange Range(int from, int to) { return {At(from), At(to)}; }
ExplainedGap Gap(int from, int to, GapReason reason = GapReason::kCameraUnreachable) {
  return {Range(from, to), reason};
}
CoveragePiece Recorded(int from, int to) { return {Range(from, to), CoverageKind::kRecorded, {}}; }
CoveragePiece Missing(int from, int to, GapReason reason = GapReason::kCameraUnreachable) {
  return {Range(from, to), CoverageKind::kGap, reason};
}
CoveragePiece Unexplained(int from, int to) {
  return {Range(from, to), CoverageKind::kUnexplained, {}};
}

TEST(CoverageTest, AccountsForAllThatWasDue) {
  const auto report = ReportCoverage({.due = {Range(0, 100)},
                                      .recorded = {Range(10, 60), Range(60, 80)},
                                      .gaps = {Gap(0, 10), Gap(80, 100)}},
                                     Range(-50, 200));
  EXPECT_THAT(report.pieces, ElementsAre(Missing(0, 10), Recorded(10, 80), Missing(80, 100)));
  EXPECT_EQ(report.due, seconds(100));
  EXPECT_EQ(report.recorded, seconds(70));
  EXPECT_EQ(report.in_gaps, seconds(30));
  EXPECT_TRUE(report.agrees());
}

TEST(CoverageTest, CallsUnexplainedWhatNobodyAccountsFor) {
  const auto report = ReportCoverage(
      {.due = {Range(0, 100)}, .recorded = {Range(0, 40)}, .gaps = {Gap(50, 100)}}, Range(0, 100));
  EXPECT_THAT(report.pieces, ElementsAre(Recorded(0, 40), Unexplained(40, 50), Missing(50, 100)));
  EXPECT_EQ(report.unexplained, seconds(10));
  EXPECT_FALSE(report.agrees());
}

TEST(CoverageTest, KeepsNeighbouringGapsOfOtherReasonsApart) {
  const auto report =
      ReportCoverage({.due = {Range(0, 30)},
                      .recorded = {},
                      .gaps = {Gap(0, 10), Gap(10, 20), Gap(20, 30, GapReason::kVolumeFull)}},
                     Range(0, 30));
  EXPECT_THAT(report.pieces, ElementsAre(Missing(0, 20), Missing(20, 30, GapReason::kVolumeFull)));
}

TEST(CoverageTest, LeavesOutWhatIsOutsideTheRange) {
  const auto report = ReportCoverage(
      {.due = {Range(0, 100)}, .recorded = {Range(0, 50)}, .gaps = {Gap(50, 100)}}, Range(40, 60));
  EXPECT_THAT(report.pieces, ElementsAre(Recorded(40, 50), Missing(50, 60)));
}

TEST(CoverageTest, RecordsNothingDueOutsideService) {
  const auto report = ReportCoverage(
      {.due = {Range(0, 10), Range(20, 30)}, .recorded = {Range(0, 30)}, .gaps = {}}, Range(0, 40));
  EXPECT_THAT(report.pieces, ElementsAre(Recorded(0, 10), Recorded(20, 30)));
  EXPECT_TRUE(report.agrees());
}

TEST(CoverageTest, NamesDisagreements) {
  const auto report = ReportCoverage({.due = {Range(0, 50)},
                                      .recorded = {Range(0, 20)},
                                      .gaps = {Gap(15, 50), Gap(30, 40), Gap(50, 60)}},
                                     Range(0, 100));
  EXPECT_THAT(report.recorded_and_gap, ElementsAre(Range(15, 20)));
  EXPECT_THAT(report.gaps_twice, ElementsAre(Range(30, 40)));
  EXPECT_THAT(report.gaps_not_due, ElementsAre(Range(50, 60)));
  EXPECT_EQ(report.recorded + report.in_gaps, report.due);
  EXPECT_FALSE(report.agrees());
}

TEST(CoverageTest, HasNoAccountOfAnEmptyRange) {
  const auto report =
      ReportCoverage({.due = {Range(0, 10)}, .recorded = {}, .gaps = {}}, Range(5, 5));
  EXPECT_THAT(report.pieces, IsEmpty());
}

TEST(CoverageTest, AddsUpForAnyEvidence) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto some = [&random](auto make) {
    std::vector<decltype(make(0, 1))> made;
    for (auto i = random() % 6; i > 0; --i) {
      const int from = static_cast<int>(random() % 50);
      made.push_back(make(from, from + static_cast<int>(random() % 20)));
    }
    return made;
  };
  for (int round = 0; round < 2000; ++round) {
    const auto gap = [&random](int from, int to) {
      return Gap(from, to, random() % 2 == 0 ? GapReason::kCameraSilent : GapReason::kClockStep);
    };
    const CoverageEvidence evidence{some(Range), some(Range), some(gap)};
    const auto report = ReportCoverage(evidence, Range(5, 60));
    ASSERT_EQ(report.due, report.recorded + report.in_gaps + report.unexplained);
    for (int second = 5; second < 60; ++second) {
      const auto holds = [second](const WallRange& r) {
        return r.from <= At(second) && At(second) < r.to;
      };
      const bool due = std::ranges::any_of(evidence.due, holds);
      const bool told =
          std::ranges::any_of(report.pieces, [&](const auto& p) { return holds(p.range); });
      ASSERT_EQ(told, due) << "second " << second;
    }
  }
}

}  // namespace
}  // namespace yagura::fleet
