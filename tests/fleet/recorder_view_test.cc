#include "fleet/recorder_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::fleet {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr WallTime kForEver = WallTime::max();
WallTime At(int second) { return WallTime(seconds(1'800'000'000 + second)); }
WallRange Range(int from, int to) { return {At(from), At(to)}; }

const auto kSales = NewId<UnitId>();
const auto kTax = NewId<UnitId>();
const auto kFirst = NewId<FloorId>();
const auto kSecond = NewId<FloorId>();

TEST(RecorderViewTest, JoinsChargesAndPlacementsToOwners) {
  const auto joined =
      JoinDates({.charges = {{kTax, {At(20), kForEver}}, {kSales, Range(0, 20)}},
                 .placements = {{kFirst, Range(0, 30)}, {kSecond, {At(30), kForEver}}},
                 .recorded = {{At(0), kForEver}}});
  EXPECT_THAT(joined.owners, ElementsAre(storage::OwnerSpan{At(0), kSales, kFirst},
                                         storage::OwnerSpan{At(20), kTax, kFirst},
                                         storage::OwnerSpan{At(30), kTax, kSecond}));
  EXPECT_THAT(joined.due, ElementsAre(WallRange{At(0), kForEver}));
}

TEST(RecorderViewTest, IsNotDueWithoutAnOwnerOrOutOfService) {
  const auto joined = JoinDates({.charges = {{kSales, Range(10, 50)}},
                                 .placements = {{kFirst, {At(0), kForEver}}},
                                 .recorded = {Range(0, 20), Range(30, 100)}});
  EXPECT_THAT(joined.due, ElementsAre(Range(10, 20), Range(30, 50)));
}

TEST(RecorderViewTest, NobodyInChargeMeansNeverDue) {
  const auto joined =
      JoinDates({.charges = {}, .placements = {{kFirst, Range(0, 9)}}, .recorded = {Range(0, 9)}});
  EXPECT_THAT(joined.owners, IsEmpty());
  EXPECT_THAT(joined.due, IsEmpty());
}

TEST(RecorderViewTest, NobodyOwnsAnInstantBetweenTwoOwners) {
  const auto joined = JoinDates({.charges = {{kSales, Range(0, 10)}},
                                 .placements = {{kFirst, Range(10, 20)}},
                                 .recorded = {Range(0, 20)}});
  EXPECT_THAT(joined.owners, IsEmpty());
}

TEST(RecorderViewTest, DueIsHalfOpen) {
  const std::vector<WallRange> due = {Range(0, 10), Range(20, 30)};
  EXPECT_EQ(DueAt(due, At(0)), Range(0, 10));
  EXPECT_EQ(DueAt(due, At(10)), std::nullopt);
  EXPECT_EQ(DueAt(due, At(29)), Range(20, 30));
}

TEST(RecorderViewTest, WhatIsRecordedStaysDueWhereOurClockIsSetBackToBefore) {
  const std::vector<WallRange> due = {Range(0, 10), Range(20, 30)};
  EXPECT_EQ(DueAt(due, At(15)), std::nullopt);
  EXPECT_EQ(DueAt(due, At(15), Range(20, 25)), Range(20, 30)) << "its end may be another by now";
  EXPECT_EQ(DueAt(due, At(15), Range(12, 30)), std::nullopt) << "it begins later now";
  EXPECT_EQ(DueAt(due, At(5), Range(20, 30)), Range(0, 10));
}

TEST(RecorderViewTest, DueEndedWithTheNewestStretchThatHadBegun) {
  const std::vector<WallRange> due = {Range(0, 10), Range(20, 30)};
  EXPECT_EQ(EndOfDue(due, At(15)), At(10));
  EXPECT_EQ(EndOfDue(due, At(25)), At(25));
  EXPECT_EQ(EndOfDue(due, At(40)), At(30));
  EXPECT_EQ(EndOfDue({}, At(40)), At(40));
}

TEST(JoinedTest, JoinsWhatTouches) {
  EXPECT_THAT(Joined({Range(5, 9), Range(0, 5), Range(7, 8), Range(20, 20), Range(10, 11)}),
              ElementsAre(Range(0, 9), Range(10, 11)));
}

}  // namespace
}  // namespace yagura::fleet
