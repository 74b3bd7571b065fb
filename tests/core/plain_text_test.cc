#include "core/plain_text.h"

#include <gtest/gtest.h>

#include <string>

namespace yagura {
namespace {

TEST(PlainTextTest, WhatPeopleWriteIsPlain) {
  for (const char* text : {"", "1F-03", "1階 窓口 (東)", "Ünïcödé", "ｶﾅ・々〆", "𠮷野家", "👮"})
    EXPECT_TRUE(IsPlainText(text)) << text;
}

TEST(PlainTextTest, WhatTerminalsObeyOrPagesTurnAroundIsNot) {
  const std::string not_plain[] = {"\x1b[2J",  // clears the screen
                                   "\xc2\x9b"
                                   "2K",  // the same command's one character, C1
                                   "a\nb",
                                   "a\tb",
                                   "\x7f",
                                   std::string("a\0b", 3),
                                   "\xe2\x80\xa8",  // line separator
                                   "\xe2\x80\xae"
                                   "cba",
                                   "\xe2\x81\xa6",
                                   "\xd8\x9c"};
  for (const std::string& text : not_plain) EXPECT_FALSE(IsPlainText(text)) << text;
}

TEST(PlainTextTest, NorIsWhatIsNoUtf8) {
  for (const char* text :
       {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe2\x80", "\xff"})
    EXPECT_FALSE(IsPlainText(text)) << text;
}

TEST(PlainTextTest, ShownWithAMarkForEachOfThem) {
  EXPECT_EQ(ShownPlainly("1階 窓口"), "1階 窓口");
  EXPECT_EQ(ShownPlainly("a\x1b[2J\nb"), "a�[2J�b");
  EXPECT_EQ(ShownPlainly("\xc2\x9b"
                         "2K\xff\xe2"),
            "�2K��");
}

}  // namespace
}  // namespace yagura
