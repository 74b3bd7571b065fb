#include "app/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "access_control/organisation.h"
#include "app/check_report.h"
#include "app/names.h"
#include "app/text_table.h"
#include "app/verbs.h"
#include "core/gap_reason.h"
#include "fleet/camera.h"
#include "tests/support/fake_clock.h"

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

TEST(NamesTest, EveryCodeThatIsShownHasANameAndInEnglishIsWhatCommandsTake) {
  using Name = std::string (*)(std::string_view, const Messages&);
  std::vector<std::pair<std::string_view, Name>> codes;
  for (int i = 0; i <= static_cast<int>(fleet::CameraState::kRetired); ++i) {
    codes.emplace_back(ToString(static_cast<fleet::CameraState>(i)), &NameOfState);
  }
  for (int i = 0; i < static_cast<int>(access_control::Post::kUnknown); ++i) {
    codes.emplace_back(ToString(static_cast<access_control::Post>(i)), &NameOfPost);
  }
  for (int i = 0; i <= static_cast<int>(kLastGapReason); ++i) {
    codes.emplace_back(ToString(static_cast<GapReason>(i)), &NameOfReason);
  }
  EXPECT_EQ(codes.size(), 28U);
  for (const auto& [code, name] : codes) {
    const std::string english = name(code, Messages(Language::kEnglish));
    EXPECT_FALSE(english.empty());
    if (name == &NameOfReason) {
      EXPECT_THAT(english, ::testing::Not(::testing::HasSubstr("_")));
    } else {
      EXPECT_EQ(english, code);
    }
    EXPECT_GT(static_cast<unsigned char>(name(code, Messages(Language::kJapanese))[0]), 0x7f)
        << code;
  }
  EXPECT_EQ(NameOfState("of a newer program", Messages(Language::kJapanese)), "of a newer program");
}

struct Said {
  int code;
  std::string out;
  std::string err;
};
Said Yagura(const std::vector<std::string>& arguments) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const testing::FakeClock clock{WallTime()};
  const int code = RunYagura(arguments, {in, out, err}, clock);
  return {code, out.str(), err.str()};
}

TEST(VerbsTest, ALanguageThatIsNotSpokenIsRefusedWhereverItStands) {
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{"camera", "list", "--language", "fr"},
        {"--language=fr", "camera", "list"},
        {"camera", "list", "--help", "--language", "fr"}}) {
    const Said said = Yagura(line);
    EXPECT_EQ(said.code, 2);
    EXPECT_THAT(said.err, ::testing::HasSubstr("fr"));
    EXPECT_THAT(said.err, ::testing::HasSubstr("yagura --help"));
  }
}

TEST(VerbsTest, SaysItsVersion) {
  const Said said = Yagura({"--version"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, ::testing::MatchesRegex("yagura [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_THAT(Yagura({"--help", "--language", "en"}).out,
              ::testing::HasSubstr("  --version         show the version"));
  EXPECT_EQ(Yagura({"camera", "list", "--version"}).code, 2);
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
  report.disagreements.resize(22, {DisagreementKind::kUnexplained, "camera 1F-01: x"});
  report.disagreements.push_back({DisagreementKind::kFileMissing, "clip 7: y"});
  const std::string english = ToText(report, Messages(Language::kEnglish));
  EXPECT_TRUE(english.starts_with("catalogue rows  12\n")) << english;
  EXPECT_THAT(english, ::testing::HasSubstr("Rows without a file: 1\n  clip 7: y\n  -> Bring"));
  EXPECT_THAT(english, ::testing::HasSubstr("a reason: 22\n  camera 1F-01: x\n"));
  EXPECT_THAT(english, ::testing::HasSubstr("  camera 1F-01: x\n  and 2 more\n  -> This"));
  const std::string japanese = ToText(report, Messages(Language::kJapanese));
  EXPECT_THAT(japanese, ::testing::HasSubstr("  録画済み          1 秒\n"));
  EXPECT_THAT(japanese, ::testing::HasSubstr("  ほか 2 件\n  → "));
}

}  // namespace
}  // namespace yagura::app
