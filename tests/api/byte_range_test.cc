#include "api/media/byte_range.h"

#include <gtest/gtest.h>

namespace yagura::api {
namespace {

using Kind = RangeAnswer::Kind;

struct Case {
  std::string header;
  Kind kind;
  ByteRange range;
};

class ByteRangeTest : public testing::TestWithParam<Case> {};

TEST_P(ByteRangeTest, OfAThousandBytes) {
  Headers headers;
  if (!GetParam().header.empty()) headers.Add("range", GetParam().header);
  const RangeAnswer answer = SelectRange(headers, 1000, "\"e\"");
  EXPECT_EQ(answer.kind, GetParam().kind) << GetParam().header;
  EXPECT_EQ(answer.range, GetParam().range) << GetParam().header;
}

INSTANTIATE_TEST_SUITE_P(
    All, ByteRangeTest,
    testing::Values(Case{"", Kind::kWhole, {}}, Case{"bytes=0-99", Kind::kPart, {0, 99}},
                    Case{"bytes=990-", Kind::kPart, {990, 999}},
                    Case{"bytes=990-5000", Kind::kPart, {990, 999}},
                    Case{"bytes=-10", Kind::kPart, {990, 999}},
                    Case{"bytes=-5000", Kind::kPart, {0, 999}},
                    Case{"bytes=1000-", Kind::kUnsatisfiable, {}},
                    Case{"bytes=-0", Kind::kUnsatisfiable, {}},
                    Case{"bytes=99999999999999999999999-", Kind::kUnsatisfiable, {}},
                    Case{"bytes=0-99999999999999999999999", Kind::kPart, {0, 999}},
                    Case{"bytes=9-5", Kind::kWhole, {}}, Case{"bytes=0-1,5-6", Kind::kWhole, {}},
                    Case{"bytes=a-b", Kind::kWhole, {}}, Case{"bytes=", Kind::kWhole, {}},
                    Case{"bytes=5", Kind::kWhole, {}}, Case{"bytes=--5", Kind::kWhole, {}},
                    Case{"bytes=+1-5", Kind::kWhole, {}}, Case{"items=0-5", Kind::kWhole, {}},
                    Case{"bytes=-", Kind::kWhole, {}}));

TEST(ByteRangeTest, IfRangeDecidesByTheStrongTag) {
  Headers headers;
  headers.Add("Range", "bytes=0-9");
  headers.Add("If-Range", "\"old\"");
  EXPECT_EQ(SelectRange(headers, 1000, "\"new\"").kind, Kind::kWhole);
  EXPECT_EQ(SelectRange(headers, 1000, "\"old\"").kind, Kind::kPart);
}

TEST(ByteRangeTest, TwoRangeHeadersAreNone) {
  Headers headers;
  headers.Add("Range", "bytes=0-9");
  headers.Add("Range", "bytes=5-9");
  EXPECT_EQ(SelectRange(headers, 1000, "\"e\"").kind, Kind::kWhole);
}

TEST(ByteRangeTest, AnEmptyBodyHasNoPart) {
  Headers headers;
  headers.Add("Range", "bytes=0-");
  EXPECT_EQ(SelectRange(headers, 0, "\"e\"").kind, Kind::kUnsatisfiable);
}

TEST(ByteRangeTest, IfNoneMatchNamesWholeTags) {
  const auto matches = [](const char* value) {
    Headers headers;
    headers.Add("If-None-Match", value);
    return MatchesNoneMatch(headers, "\"abc\"");
  };
  EXPECT_TRUE(matches("\"abc\""));
  EXPECT_TRUE(matches("*"));
  EXPECT_TRUE(matches("\"x\", \"abc\""));
  EXPECT_TRUE(matches("W/\"abc\""));
  EXPECT_FALSE(matches("\"abcd\""));
  EXPECT_FALSE(matches("abc"));
  EXPECT_FALSE(MatchesNoneMatch({}, "\"abc\""));
}

}  // namespace
}  // namespace yagura::api
