#include "ingest/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

TEST(TextTest, NumbersAreDigitsWithinALimit) {
  EXPECT_THAT(ParseNumber("65535", 65'535), Optional(65'535u));
  EXPECT_THAT(ParseNumber("18446744073709551615", UINT64_MAX), Optional(UINT64_MAX));
  for (const char* text :
       {"", "65536", "-1", "+1", " 1", "1 ", "0x10", "99999999999999999999999"}) {
    EXPECT_EQ(ParseNumber(text, 65'535), std::nullopt) << text;
  }
  EXPECT_EQ(ParseNumber("18446744073709551616", UINT64_MAX), std::nullopt);
  EXPECT_EQ(ParseNumber("7", 5), std::nullopt);
}

TEST(TextTest, Base64WithAndWithoutPadding) {
  EXPECT_THAT(DecodeBase64("Zm9vYg=="), Optional(ElementsAre('f', 'o', 'o', 'b')));
  EXPECT_THAT(DecodeBase64("Zm9vYg"), Optional(ElementsAre('f', 'o', 'o', 'b')));
  EXPECT_THAT(DecodeBase64(""), Optional(ElementsAre()));
  for (const char* text : {"Z", "Zm9v!", "Zm 9v", "Zm9vY", "Zg=x"})
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  EXPECT_EQ(EncodeBase64("foob"), "Zm9vYg==");
  EXPECT_EQ(EncodeBase64("Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(TextTest, QuotedIsSafeToLog) {
  EXPECT_EQ(Quoted("a\r\nb\"c\x80"), "\"a..b.c.\"");
  EXPECT_EQ(Quoted("abcdef", 3), "\"abc...\"");
}

}  // namespace
}  // namespace yagura::ingest
