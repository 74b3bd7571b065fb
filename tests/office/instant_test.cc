#include <gtest/gtest.h>

#include "office/office.h"

namespace yagura::office {
namespace {

const OfficeCalendar kTokyo = OfficeCalendar::Load("Asia/Tokyo").value();

std::string Rewritten(std::string_view text) {
  const auto instant = ReadInstant(text, kTokyo);
  return instant ? WriteInstant(*instant, kTokyo) : "no instant";
}

TEST(InstantTest, ReadsWhatSpreadsheetsMakeOfADate) {
  for (const char* text :
       {"2027-04-01", "2027/4/1", "2027/04/01", "2027-4-1", "2027/4/1 0:00", "2027-04-01 00:00:00",
        "2027-04-01T00:00:00+09:00", "2027-03-31T15:00:00Z"}) {
    EXPECT_EQ(Rewritten(text), "2027-04-01") << text;
  }
  EXPECT_EQ(Rewritten("2027/4/1 9:30"), "2027-04-01T09:30:00+09:00");
  EXPECT_EQ(Rewritten("2027-04-01T09:30:00.000250+09:00"), "2027-04-01T09:30:00.000250+09:00");
}

TEST(InstantTest, RefusesWhatIsNone) {
  for (const char* text :
       {"2027-02-29", "2027-13-01", "2027-4/1", "1.4.2027", "2027", "46113", "2027-04-01 24:00",
        "2027-04-01 9:60", "2027-04-01 9", "2027-04-01 9:30 ", " 2027-04-01", "2027-04-01T09:30:00",
        "1899-12-31", "3000-01-01", "", "tomorrow", "2027-04-01T09:30:00+09:00 "}) {
    EXPECT_EQ(Rewritten(text), "no instant") << text;
  }
}

TEST(InstantTest, AnOpenEndIsAnEmptyCell) {
  EXPECT_EQ(WriteInstant(WallTime::max(), kTokyo), "");
  EXPECT_EQ(WriteInstant(WallTime::min(), kTokyo), "");
}

// Where clocks are set, a time of day may not be, or be twice: the first counts.
TEST(InstantTest, KnowsTheOfficesClocks) {
  const OfficeCalendar berlin = OfficeCalendar::Load("Europe/Berlin").value();
  EXPECT_FALSE(ReadInstant("2027-03-28 02:30", berlin).has_value());
  EXPECT_EQ(FormatRfc3339(ReadInstant("2027-10-31 02:30", berlin).value()),
            "2027-10-31T00:30:00.000000Z");
}

}  // namespace
}  // namespace yagura::office
