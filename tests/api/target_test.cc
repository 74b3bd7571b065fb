#include "api/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::api {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(TargetTest, SplitsPathAndDecodesParameters) {
  const auto target =
      ParseTarget("/v1/cameras/abc?from=2027-06-15T14:03:22%2B09:00&q=%E5%8F%97%E4%BB%98");
  ASSERT_TRUE(target.has_value());
  EXPECT_THAT(target->segments, ElementsAre("v1", "cameras", "abc"));
  EXPECT_THAT(target->parameters,
              ElementsAre(Pair("from", "2027-06-15T14:03:22+09:00"), Pair("q", "受付")));
}

TEST(TargetTest, PlusIsAPlus) {
  EXPECT_THAT(ParseTarget("/a?t=12:00+09:00")->parameters, ElementsAre(Pair("t", "12:00+09:00")));
}

TEST(TargetTest, AnEmptyQueryIsNone) { EXPECT_TRUE(ParseTarget("/healthz?")->parameters.empty()); }

class RefusedTarget : public testing::TestWithParam<std::string> {};

TEST_P(RefusedTarget, IsAnInvalidArgument) {
  const auto target = ParseTarget(GetParam());
  ASSERT_FALSE(target.has_value()) << GetParam();
  EXPECT_EQ(target.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_NE(target.error().public_message(), "");
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedTarget,
    testing::Values("", "v1/cameras", "http://host/v1/cameras", "*", "/", "//v1", "/v1//cameras",
                    "/v1/", "/v1/./cameras", "/v1/../cameras", "/v1/%2e%2e/cameras",
                    "/v1/%2E/cameras", "/v1/a%2fb", "/v1/a%5cb", "/v1/a\\b", "/v1/%00",
                    "/v1/%63ameras", "/v1/cam%c0%af", "/v1/a b", "/v1/a#b", "/v1/a;b", "/v1/\x80",
                    std::string("/v1/\0x", 6), "/" + std::string(kTargetBytesMax, 'a'), "/a?b",
                    "/a?=b", "/a?b=1&b=2", "/a?b=1&", "/a?&b=1", "/a?b=%", "/a?b=%4", "/a?b=%zz",
                    "/a?b=%00", "/a?b=%0a", "/a?b=%7f", "/a?b=%c0%af", "/a?b=%ed%a0%80",
                    "/a?b=%f4%90%80%80", "/a?b=%e5%8f", "/a?b=%c2%80", "/a?b=1#c"));

TEST(TargetTest, RefusesTooManyParameters) {
  std::string text = "/a?p0=1";
  for (std::size_t i = 1; i <= kQueryParametersMax; ++i) text += "&p" + std::to_string(i) + "=1";
  EXPECT_FALSE(ParseTarget(text).has_value());
}

}  // namespace
}  // namespace yagura::api
