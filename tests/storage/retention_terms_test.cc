#include "storage/retention_terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/retention_forecast.h"

namespace yagura::storage {
namespace {

using std::chrono::days;
using ::testing::ElementsAre;

/// Two floors of two buildings of a site.
class RetentionTermsTest : public ::testing::Test {
 protected:
  void Set(TermSubject of, int from_day, std::optional<int> keep_days) {
    RetentionTerm term{.version = static_cast<std::int64_t>(terms_.size()) + 1,
                       .of = of,
                       .from = Day(from_day),
                       .rule = std::nullopt,
                       .purpose = {}};
    if (keep_days) term.rule = RetentionRule{.keep = days(*keep_days), .minimum = days(7)};
    terms_.push_back(term);
  }
  [[nodiscard]] static WallTime Day(int day) { return WallTime(days(20'000 + day)); }
  [[nodiscard]] RetentionTerms Terms() const {
    return {terms_, {{first_, building_, site_}, {second_, annex_, site_}}};
  }
  [[nodiscard]] auto Keep(int at_day) const {
    return Terms().For(camera_, first_, Day(at_day)).rule->keep / days(1);
  }
  [[nodiscard]] auto DueAt(int end_day, int now_day) const {
    return (Terms().DueAt(camera_, first_, Day(end_day), Day(now_day)) - Day(0)) / days(1);
  }

  const CameraId camera_ = NewId<CameraId>();
  const FloorId first_ = NewId<FloorId>();
  const FloorId second_ = NewId<FloorId>();
  const BuildingId building_ = NewId<BuildingId>();
  const BuildingId annex_ = NewId<BuildingId>();
  const SiteId site_ = NewId<SiteId>();
  std::vector<RetentionTerm> terms_ = {{.version = 1,
                                        .of = {},
                                        .from = WallTime::min(),
                                        .rule = RetentionRule{.keep = days(30), .minimum = days(7)},
                                        .purpose = {}}};
};

TEST_F(RetentionTermsTest, TheNearestCounts) {
  EXPECT_EQ(Keep(0), 30);
  Set(site_, 0, 31);
  EXPECT_EQ(Keep(0), 31);
  Set(building_, 0, 32);
  EXPECT_EQ(Keep(0), 32);
  Set(first_, 0, 33);
  EXPECT_EQ(Keep(0), 33);
  Set(camera_, 0, 34);
  EXPECT_EQ(Keep(0), 34);
  Set({}, 0, 35);  // newer, and further away
  EXPECT_EQ(Keep(0), 34);
}

TEST_F(RetentionTermsTest, WhatIsOfOthersDoesNotCount) {
  Set(NewId<CameraId>(), 0, 10);
  Set(second_, 0, 11);
  Set(annex_, 0, 12);
  Set(NewId<SiteId>(), 0, 13);
  EXPECT_EQ(Keep(0), 30);
}

TEST_F(RetentionTermsTest, CountsFromItsDateOn) {
  Set(first_, 5, 10);
  EXPECT_EQ(Keep(4), 30);
  EXPECT_EQ(Keep(5), 10);
}

TEST_F(RetentionTermsTest, OfOneSubjectTheLastToBeginCounts) {
  Set(camera_, 5, 10);
  Set(camera_, 3, 11);
  EXPECT_EQ(Keep(4), 11);
  EXPECT_EQ(Keep(5), 10);
  Set(camera_, 5, 12);  // entered later, for the same instant
  EXPECT_EQ(Keep(5), 12);
}

TEST_F(RetentionTermsTest, OneWithoutATermOfItsOwnAnyMoreTakesThatAroundIt) {
  Set(camera_, 0, 10);
  Set(first_, 0, 20);
  Set(camera_, 5, std::nullopt);
  EXPECT_EQ(Keep(4), 10);
  EXPECT_EQ(Keep(5), 20);
}

TEST_F(RetentionTermsTest, ATermThatBeginsLaterTakesThenWhatIsTooOldByIt) {
  EXPECT_EQ(DueAt(0, 1), 30);
  Set(camera_, 20, 10);
  EXPECT_EQ(DueAt(0, 1), 20);    // at once when the shorter term begins
  EXPECT_EQ(DueAt(15, 1), 25);   // by it
  EXPECT_EQ(DueAt(0, 40), 40);   // overdue: now
  EXPECT_EQ(DueAt(-15, 1), 15);  // before it begins
}

TEST_F(RetentionTermsTest, ALongerTermSavesWhatIsNotTooOldWhenItBegins) {
  Set(camera_, 20, 60);
  EXPECT_EQ(DueAt(-11, 1), 19);
  EXPECT_EQ(DueAt(-10, 1), 50);
}

TEST_F(RetentionTermsTest, AForecastSaysWhatGoesSooner) {
  const auto hour = [&](int end_day, std::uint64_t clips, std::uint64_t held) {
    return StoredHour{.camera = camera_,
                      .floor = first_,
                      .end = Day(end_day),
                      .clips = clips,
                      .bytes = 10 * clips,
                      .held_clips = held};
  };
  const RetentionTerms before = Terms();
  Set(first_, 5, 10);
  const auto forecast = ForecastDeletions(
      {hour(-28, 1, 0), hour(-26, 2, 5), hour(-20, 3, 0), hour(0, 4, 0), hour(1, 0, 9)}, before,
      Terms(), Day(0), OfficeCalendar::Load("UTC").value());
  EXPECT_THAT(forecast,
              ElementsAre(DueDay{"2024-10-06", 1, 10, 0}, DueDay{"2024-10-08", 2, 20, 0},
                          DueDay{"2024-10-09", 3, 30, 3}, DueDay{"2024-10-14", 4, 40, 4}));
}

}  // namespace
}  // namespace yagura::storage
