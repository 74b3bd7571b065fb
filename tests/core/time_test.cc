#include "core/time.h"

#include <gtest/gtest.h>

namespace yagura {
namespace {

WallTime At(std::int64_t us) { return WallTime(microseconds(us)); }

TEST(Rfc3339Test, WritesUtcWithSixDecimals) {
  EXPECT_EQ(FormatRfc3339(At(1'813'035'802'120'000)), "2027-06-15T05:03:22.120000Z");
}

TEST(Rfc3339Test, ReadsAnyOffsetAsTheSameInstant) {
  for (const char* text : {"2027-06-15T05:03:22.12Z", "2027-06-15T14:03:22.120+09:00",
                           "2027-06-14t20:03:22.120000999-09:00", "2027-06-15 05:03:22.12z"}) {
    const auto time = ParseRfc3339(text);
    ASSERT_TRUE(time.has_value()) << text;
    EXPECT_EQ(*time, At(1'813'035'802'120'000)) << text;
  }
}

TEST(Rfc3339Test, RefusesTimesWithoutAZoneAndNonsense) {
  for (const char* text :
       {"", "2027-06-15", "2027-06-15T05:03:22", "2027-06-15T05:03:22.Z", "2027-02-30T05:03:22Z",
        "2027-06-15T24:00:00Z", "2027-06-15T05:03:22+9:00", "2027-06-15T05:03:22Z ",
        "2027-06-15T05:03:22.1234567890Z", "now"}) {
    EXPECT_FALSE(ParseRfc3339(text).has_value()) << text;
  }
}

TEST(MediaTimeTest, ConvertsBothWaysToTheTick) {
  EXPECT_EQ(Between(MediaTime{900'000}, MediaTime{990'000}), std::chrono::seconds(1));
  EXPECT_EQ(Advance(MediaTime{0}, std::chrono::milliseconds(40)), MediaTime{3600});
  EXPECT_EQ(Advance(MediaTime{3600}, -std::chrono::milliseconds(40)), MediaTime{0});
}

}  // namespace
}  // namespace yagura
