#include "api/body_rules.h"

#include <gtest/gtest.h>

namespace yagura::api {
namespace {

int StatusFor(std::initializer_list<Headers::Field> fields) {
  Headers headers;
  for (const auto& field : fields) headers.Add(field.name, field.value);
  const auto problem = RefuseBody(headers, 1000);
  return problem ? problem->status : 0;
}

TEST(BodyRulesTest, OnlyAPlainLengthWithinTheLimitPasses) {
  EXPECT_EQ(StatusFor({}), 0);
  EXPECT_EQ(StatusFor({{"content-length", "0"}}), 0);
  EXPECT_EQ(StatusFor({{"Content-Length", "1000"}}), 0);
  EXPECT_EQ(StatusFor({{"Content-Length", "1001"}}), 413);
  EXPECT_EQ(StatusFor({{"Content-Length", "99999999999999999999999999"}}), 413);
  EXPECT_EQ(StatusFor({{"Content-Length", "-1"}}), 400);
  EXPECT_EQ(StatusFor({{"Content-Length", "+1"}}), 400);
  EXPECT_EQ(StatusFor({{"Content-Length", "1, 1"}}), 400);
  EXPECT_EQ(StatusFor({{"Content-Length", ""}}), 400);
  EXPECT_EQ(StatusFor({{"Content-Length", "0x10"}}), 400);
  EXPECT_EQ(StatusFor({{"Content-Length", "1"}, {"Content-Length", "1"}}), 400);
  EXPECT_EQ(StatusFor({{"Transfer-Encoding", "chunked"}}), 411);
  EXPECT_EQ(StatusFor({{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}), 411);
}

}  // namespace
}  // namespace yagura::api
