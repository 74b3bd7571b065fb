#include "core/json.h"

#include <gtest/gtest.h>

namespace yagura {
namespace {

TEST(JsonTest, KeepsOrderAndValues) {
  const Json json = Json::Object({{"b", 1}, {"a", Json::Array({"x", nullptr, true})}});
  EXPECT_EQ(json.Dump(), R"({"b":1,"a":["x",null,true]})");
  const auto read = Json::Parse(json.Dump());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->Get("b").AsInt(), 1);
  EXPECT_EQ(read->Get("a").items().at(0).AsString(), "x");
  EXPECT_TRUE(read->Get("c").is_null());
}

TEST(JsonTest, RefusesWhatIsAmbiguousOrBroken) {
  for (const char* text :
       {"", "{", R"({"a":1,"a":2})", "[1] x", "{\"a\":\"\xff\"}",
        R"([[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]])"}) {
    EXPECT_FALSE(Json::Parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace yagura
