#include "office/text_encoding.h"

#include <gtest/gtest.h>

namespace yagura::office {
namespace {

std::string Read(std::string_view bytes) {
  const auto text = ToUtf8(bytes);
  if (const auto* read = std::get_if<std::string>(&text)) return *read;
  const auto& problem = std::get<EncodingProblem>(text);
  return (problem.fault == EncodingFault::kUtf16 ? "utf-16 in line " : "neither in line ") +
         std::to_string(problem.line);
}

TEST(TextEncodingTest, ReadsUtf8WithAndWithoutAMark) {
  EXPECT_EQ(Read("区民部\n"), "区民部\n");
  EXPECT_EQ(Read("\xEF\xBB\xBF区民部\n"), "区民部\n");
  EXPECT_EQ(Read(""), "");
}

TEST(TextEncodingTest, ReadsCp932AsWindowsWritesIt) {
  EXPECT_EQ(Read("\x8B\xE6\x96\xAF\x95\x94"), "区民部");
  EXPECT_EQ(Read("\xB6\xD2\xD7"), "ｶﾒﾗ");  // half-width katakana
  EXPECT_EQ(Read("\x87\x40\x81\x60\x81\x7C"),
            "①～－");                            // NEC's additions; Windows' wave dash, minus
  EXPECT_EQ(Read("\x5C\x7E\x83\x5C"), "\\~ソ");  // a backslash inside a character is none
}

TEST(TextEncodingTest, LongTextsKeepTheirCharactersWhole) {
  std::string bytes;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    bytes +=
        "\x8B\xE6"
        "a";
    expected += "区a";
  }
  EXPECT_EQ(Read(bytes), expected);
}

TEST(TextEncodingTest, NamesTheLineThatIsNeither) {
  EXPECT_EQ(Read("a\nb\n\x8B\xE6\x85\x20\n"), "neither in line 3");
  EXPECT_EQ(Read("\xEF\xBB\xBF"
                 "a\n\x8B\xE6\n"),
            "neither in line 2");
  EXPECT_EQ(Read(std::string_view("\xFF\xFE"
                                  "a\0",
                                  4)),
            "utf-16 in line 1");
}

}  // namespace
}  // namespace yagura::office
