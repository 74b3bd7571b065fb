#include "core/fill_in.h"

#include <gtest/gtest.h>

namespace yagura {
namespace {

TEST(FillInTest, PutsValuesWhereTheirNamesStand) {
  EXPECT_EQ(FillIn("{b} of {a}, {a}", {{"a", "one"}, {"b", "{a}"}}), "{a} of one, one");
  EXPECT_EQ(FillIn("{c} {", {{"a", "one"}}), "{c} {");
  EXPECT_EQ(FillIn("", {}), "");
}

}  // namespace
}  // namespace yagura
