#include "core/calendar.h"

#include <gtest/gtest.h>

namespace yagura {
namespace {

TEST(OfficeCalendarTest, DaysBeginAtTheOfficesMidnight) {
  const auto calendar = OfficeCalendar::Load("Asia/Tokyo");
  ASSERT_TRUE(calendar.has_value());
  const auto noon = ParseRfc3339("2027-06-15T12:00:00+09:00").value();
  EXPECT_EQ(FormatRfc3339(calendar->MidnightBefore(noon)), "2027-06-14T15:00:00.000000Z");
  EXPECT_EQ(FormatRfc3339(calendar->MidnightAfter(noon)), "2027-06-15T15:00:00.000000Z");
  EXPECT_EQ(calendar->MidnightBefore(calendar->MidnightAfter(noon)), calendar->MidnightAfter(noon));
  EXPECT_EQ(calendar->Date(ParseRfc3339("2027-06-15T15:00:00Z").value()), "2027-06-16");
}

TEST(OfficeCalendarTest, ShowsTimesOfDayWithTheirOffset) {
  const auto time = ParseRfc3339("2027-01-15T15:03:22.9Z").value();
  EXPECT_EQ(OfficeCalendar::Load("Asia/Tokyo").value().Rfc3339(time), "2027-01-16T00:03:22+09:00");
  EXPECT_EQ(OfficeCalendar::Load("America/St_Johns").value().Rfc3339(time),
            "2027-01-15T11:33:22-03:30");
  EXPECT_EQ(OfficeCalendar::Load("UTC").value().Rfc3339(time), "2027-01-15T15:03:22+00:00");
}

TEST(OfficeCalendarTest, RefusesUnknownZones) {
  EXPECT_FALSE(OfficeCalendar::Load("Mars/Olympus").has_value());
}

}  // namespace
}  // namespace yagura
