#include "app/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "app/check_report.h"
#include "app/text_table.h"
#include "app/verbs.h"

namespace yagura::app {
namespace {

std::multiset<std::string> PlaceholdersIn(std::string_view text) {
  static const std::regex kPlaceholder(R"(\{\w+\})");
  using Iterator = std::regex_iterator<std::string_view::const_iterator>;
  std::multiset<std::string> found;
  for (auto at = Iterator(text.begin(), text.end(), kPlaceholder); at != Iterator(); ++at)
    found.insert(at->str());
  return found;
}

TEST(MessagesTest, EachLanguageSaysTheSameValues) {
  for (std::size_t i = 0; i < std::size(kEnglishMessages); ++i) {
    EXPECT_EQ(PlaceholdersIn(kEnglishMessages[i].text), PlaceholdersIn(kJapaneseMessages[i].text))
        << kEnglishMessages[i].key;
    EXPECT_FALSE(kJapaneseMessages[i].text.empty()) << kEnglishMessages[i].key;
  }
}

TEST(MessagesTest, NamesEachKeyOnce) {
  std::set<std::string_view> keys;
  for (const Message& message : kEnglishMessages)
    EXPECT_TRUE(keys.insert(message.key).second) << message.key;
}

TEST(MessagesTest, FillsInValues) {
  EXPECT_EQ(Messages(Language::kEnglish)("place.added", {{"code", "3F"}}), "added: 3F");
  EXPECT_EQ(Messages(Language::kJapanese)("place.added", {{"code", "3F"}}), "追加しました: 3F");
}

TEST(VerbsTest, EachTeachesWhatItDoesByAnExample) {
  for (const auto language : {Language::kEnglish, Language::kJapanese}) {
    for (const Verb& verb : AllVerbs(Messages(language))) {
      const Command& command = verb.command;
      const std::string name = ::testing::PrintToString(command.words);
      EXPECT_FALSE(command.summary.empty()) << name;
      EXPECT_FALSE(command.description.empty()) << name;
      EXPECT_FALSE(command.examples.empty()) << name;
      for (const auto& option : command.options)
        EXPECT_FALSE(option.help.empty()) << name << " --" << option.name;
      EXPECT_NE(verb.run, nullptr) << name;
    }
  }
}

TEST(TextTableTest, AlignsWideCharacters) {
  EXPECT_EQ(TextTable({{"CODE", "NAME", "X"}, {"1F", "1階 窓口", "y"}, {"2F", "", ""}}),
            "CODE  NAME      X\n"
            "1F    1階 窓口  y\n"
            "2F\n");
}

TEST(CheckReportTest, SaysInEachLanguageWhatAgreesAndHowMuchItDoesNotShow) {
  CheckReport report;
  report.counts.rows = 12;
  report.recorded = microseconds(1'500'000);
  report.disagreements.resize(102, "camera 1F-01: x");
  const std::string english = ToText(report, Messages(Language::kEnglish));
  EXPECT_TRUE(english.starts_with("catalogue rows  12\n")) << english;
  EXPECT_TRUE(english.ends_with("  camera 1F-01: x\n  and 2 more\n")) << english;
  const std::string japanese = ToText(report, Messages(Language::kJapanese));
  EXPECT_THAT(japanese, ::testing::HasSubstr("  録画済み          1 秒\n"));
  EXPECT_TRUE(japanese.ends_with("  ほか 2 件\n")) << japanese;
}

}  // namespace
}  // namespace yagura::app
