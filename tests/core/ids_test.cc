#include "core/ids.h"

#include <gtest/gtest.h>

namespace yagura {
namespace {

TEST(IdTest, ReadsOnlyWhatItWrites) {
  const auto id = NewId<CameraId>();
  EXPECT_EQ(ParseId<CameraId>(ToString(id)), id);
  for (const char* text :
       {"", "0F8FAD5B-d9cb-469f-a165-70867728950e", "0f8fad5bd9cb469fa16570867728950e",
        "0f8fad5b-d9cb-469f-a165-70867728950", "0f8fad5b-d9cb-469f-a165-70867728950g",
        "0f8fad5b-d9cb-469f-a165-70867728950e0", "0f8fad5b_d9cb-469f-a165-70867728950e"}) {
    EXPECT_FALSE(ParseId<CameraId>(text).has_value()) << text;
  }
}

TEST(ClipIdTest, HasOneSpelling) {
  const ClipId id{NewId<RunId>(), 17};
  EXPECT_EQ(ParseClipId(ToString(id)), id);
  const std::string run = ToString(id.run);
  for (const std::string& text :
       {run, run + ".", run + ".017", run + ".+1", run + ".4294967296", run + ".1 "}) {
    EXPECT_FALSE(ParseClipId(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace yagura
