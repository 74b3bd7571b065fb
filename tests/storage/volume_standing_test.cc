#include "storage/volume_standing.h"

#include <gmock/gmock.h>

namespace yagura::storage {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr WallTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr hours kDay{24};

TEST(FillMarkTest, IsTheHighestThatIsExceededAndGoesWithSomeSlack) {
  EXPECT_EQ(FillMark(700, 1000, 0), 0);
  EXPECT_EQ(FillMark(701, 1000, 0), 70);
  EXPECT_EQ(FillMark(960, 1000, 0), 95);
  EXPECT_EQ(FillMark(690, 1000, 70), 70) << "it was above";
  EXPECT_EQ(FillMark(680, 1000, 70), 0);
  EXPECT_EQ(FillMark(940, 1000, 95), 95);
  EXPECT_EQ(FillMark(930, 1000, 95), 85);
  EXPECT_EQ(FillMark(0, 0, 0), 0);
}

TEST(FillMarkTest, EachMarkOnTheWayIsPassedOnceAndInOrder) {
  EXPECT_THAT(MarksPassed(0, 95), ElementsAre(70, 85, 95));
  EXPECT_THAT(MarksPassed(70, 85), ElementsAre(85));
  EXPECT_THAT(MarksPassed(85, 85), IsEmpty());
  EXPECT_THAT(MarksPassed(95, 70), IsEmpty());
}

// 10 units a day, a term of 30 days.
Filling Of(std::uint64_t capacity, int days_stored) {
  return {.stored_bytes = static_cast<std::uint64_t>(days_stored) * 1'000'000,
          .capacity_bytes = capacity * 100'000,
          .free_bytes = capacity * 100'000 - static_cast<std::uint64_t>(days_stored) * 1'000'000,
          .bytes_per_day = 1'000'000,
          .oldest = kNow - days_stored * kDay,
          .keep = 30 * kDay};
}

TEST(FullAtTest, WhatHoldsTheTermIsEnough) {
  EXPECT_EQ(FullAt(Of(400, 1), kNow), std::nullopt);
  EXPECT_EQ(FullAt(Of(400, 30), kNow), std::nullopt);
}

TEST(FullAtTest, WhatDoesNotIsFullAtNinetyFivePercent) {
  // 20 units of which 19 may be taken: 9 more days.
  EXPECT_EQ(FullAt(Of(200, 10), kNow), kNow + 9 * kDay);
}

TEST(FullAtTest, MoreCamerasThanBeforeFillItAlsoWhileTheOldestGoes) {
  Filling filling = Of(400, 30);
  filling.bytes_per_day = 2'000'000;
  EXPECT_EQ(FullAt(filling, kNow), kNow + 8 * kDay);  // a unit a day more, 8 units of room
}

TEST(FullAtTest, NothingIsRecordedOrNothingFits) {
  Filling filling = Of(200, 10);
  filling.bytes_per_day = 0;
  EXPECT_EQ(FullAt(filling, kNow), std::nullopt);
  filling.free_bytes = filling.capacity_bytes / 20;
  EXPECT_EQ(FullAt(filling, kNow), kNow);
}

}  // namespace
}  // namespace yagura::storage
