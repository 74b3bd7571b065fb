#include "core/pg/values.h"

#include <gtest/gtest.h>

#include "core/pg/sql_state.h"

namespace yagura::pg {
namespace {

WallTime At(std::string_view text) { return ParseRfc3339(text).value(); }

TEST(ValuesTest, TimesGoThereAndBack) {
  EXPECT_EQ(TimeParameter(At("2027-06-15T05:03:22.12Z")), "2027-06-15T05:03:22.120000Z");
  EXPECT_EQ(TimeOf("2027-06-15 05:03:22.12+00"), At("2027-06-15T05:03:22.12Z"));
  EXPECT_EQ(TimeOf("2027-06-15 05:03:22+00"), At("2027-06-15T05:03:22Z"));
  EXPECT_EQ(TimeOf(TimeParameter(WallTime::max())), WallTime::max());
  EXPECT_EQ(TimeOf(TimeParameter(WallTime::min())), WallTime::min());
}

TEST(ValuesTest, RefusesTimesOfAnotherZone) {
  EXPECT_THROW((void)TimeOf("2027-06-15 14:03:22+09"), std::domain_error);
  EXPECT_THROW((void)TimeOf(""), std::domain_error);
}

TEST(ValuesTest, BytesGoThereAndBack) {
  const std::vector<std::uint8_t> bytes = {0x00, 0x7f, 0xff};
  EXPECT_EQ(BytesParameter(bytes), "\\x007fff");
  EXPECT_EQ(BytesOf("\\x007fff"), bytes);
  EXPECT_THROW((void)BytesOf("\\x0"), std::domain_error);
  EXPECT_THROW((void)BytesOf("\\x0g"), std::domain_error);
}

TEST(ValuesTest, WritesArrays) {
  ArrayParameter array;
  EXPECT_EQ(array.Text(), "{}");
  array.Add("a\"b\\c");
  array.AddNull();
  array.Add("");
  EXPECT_EQ(array.Text(), R"({"a\"b\\c",NULL,""})");
}

TEST(SqlStateTest, TellsWhoShouldAct) {
  EXPECT_EQ(CodeOfSqlState("23505"), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOfSqlState("23503"), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOfSqlState("40P01"), ErrorCode::kAborted);
  EXPECT_EQ(CodeOfSqlState("57P01"), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOfSqlState("57014"), ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(CodeOfSqlState("53100"), ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOfSqlState(""), ErrorCode::kInternal);
}

TEST(SqlStateTest, QuotesNoRow) {
  EXPECT_EQ(ErrorOfSqlState("23505", "ERROR:  duplicate key\nDETAIL:  Key (x)=(secret)").message(),
            "sqlstate 23505: duplicate key");
  EXPECT_EQ(ErrorOfSqlState("22P02", "ERROR:  invalid input syntax: \"secret\"").message(),
            "sqlstate 22P02: invalid input syntax: ");
}

}  // namespace
}  // namespace yagura::pg
