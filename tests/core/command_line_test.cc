#include "core/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CommandSet Office() {
  CommandSet set{.program = "yagura", .summary = "Keeps an office's footage."};
  set.common = {{.name = "config",
                 .value = "FILE",
                 .help = "the configuration file",
                 .standard = "/etc/yagura.toml"}};
  set.commands = {
      {.words = {"camera", "add"},
       .summary = "Adds a camera",
       .description = "It is recorded from then on.",
       .examples = {"yagura camera add --code 1F-01 --floor 1F"},
       .options = {{.name = "code", .value = "CODE", .help = "its short name", .required = true},
                   {.name = "floor", .value = "FLOOR", .help = "where it stands", .required = true},
                   {.name = "note", .value = "TEXT", .help = "a remark", .repeatable = true},
                   {.name = "count", .value = "N", .help = "how many", .standard = "1"},
                   {.name = "if-absent", .help = "all right where it is there"}}},
      {.words = {"camera", "list"}, .summary = "Lists cameras"},
      {.words = {"migrate"}, .summary = "Brings the schema up to date"}};
  return set;
}

CommandLine Read(const std::vector<std::string>& arguments) {
  return ParseCommandLine(Office(), arguments);
}
std::string ProblemOf(const std::vector<std::string>& arguments) {
  const auto line = Read(arguments);
  const auto* error = std::get_if<UsageError>(&line);
  return error == nullptr ? "none" : error->problem + " | " + error->next;
}
std::string HelpOf(const std::vector<std::string>& arguments) {
  const auto line = Read(arguments);
  const auto* help = std::get_if<HelpText>(&line);
  return help == nullptr ? "none" : help->text;
}

TEST(CommandLineTest, GivesTheCommandAndItsOptions) {
  const auto line = Read({"camera", "add", "--code", "1F-01", "--floor=1F", "--note", "a", "--note",
                          "-b", "--if-absent"});
  ASSERT_TRUE(std::holds_alternative<Invocation>(line));
  const auto& [command, given] = std::get<Invocation>(line);
  EXPECT_EQ(command, 0U);
  EXPECT_EQ(given.Get("code"), "1F-01");
  EXPECT_EQ(given.Get("floor"), "1F");
  EXPECT_THAT(given.All("note"), ElementsAre("a", "-b"));
  EXPECT_TRUE(given.Has("if-absent"));
  EXPECT_FALSE(given.Has("config"));
  EXPECT_EQ(given.Get("config"), "/etc/yagura.toml");
}

TEST(CommandLineTest, TakesCommonOptionsBeforeAndAfterTheCommand) {
  for (const auto& arguments : {std::vector<std::string>{"--config", "x.toml", "migrate"},
                                std::vector<std::string>{"migrate", "--config", "x.toml"}}) {
    const auto line = Read(arguments);
    ASSERT_TRUE(std::holds_alternative<Invocation>(line)) << ProblemOf(arguments);
    EXPECT_EQ(std::get<Invocation>(line).command, 2U);
    EXPECT_EQ(std::get<Invocation>(line).arguments.Get("config"), "x.toml");
  }
}

TEST(CommandLineTest, SaysWhatIsWrongAndWhatHelps) {
  EXPECT_EQ(ProblemOf({}), "no command given | yagura --help");
  EXPECT_EQ(ProblemOf({"camera"}), "no command given | yagura camera --help");
  EXPECT_EQ(ProblemOf({"camrea", "add"}),
            "there is no command \"camrea\"; did you mean \"camera\"? | yagura --help");
  EXPECT_EQ(ProblemOf({"camera", "ad"}),
            "there is no command \"ad\"; did you mean \"add\"? | yagura camera --help");
  EXPECT_EQ(ProblemOf({"camera", "list", "--flor=1F"}),
            "there is no option \"--flor\" | yagura camera list --help");
  EXPECT_EQ(ProblemOf({"camera", "add", "--flor", "1F"}),
            "there is no option \"--flor\"; did you mean \"--floor\"? | yagura camera add --help");
  EXPECT_EQ(ProblemOf({"camera", "add", "list"}),
            "nothing is expected where \"list\" stands | yagura camera add --help");
  EXPECT_EQ(ProblemOf({"camera", "add", "--note", "a"}),
            "not given: --code, --floor | yagura camera add --help");
  EXPECT_EQ(ProblemOf({"camera", "add", "--code"}),
            "--code needs a value | yagura camera add --help");
  EXPECT_EQ(ProblemOf({"camera", "add", "--code", "--floor", "1F"}),
            "nothing is expected where \"1F\" stands | yagura camera add --help");
  EXPECT_EQ(ProblemOf({"camera", "add", "--floor", "1F", "--code", "--if-absent"}),
            "--code needs a value | yagura camera add --help");
  EXPECT_EQ(ProblemOf({"camera", "add", "--code", "a", "--code", "b", "--floor", "1F"}),
            "--code is given more than once | yagura camera add --help");
}

TEST(CommandLineTest, TeachesByHelp) {
  EXPECT_EQ(HelpOf({"camera", "add", "--help"}),
            "Adds a camera\n\n"
            "Usage: yagura camera add --code CODE --floor FLOOR [--…]\n\n"
            "It is recorded from then on.\n\n"
            "Options:\n"
            "  --code CODE    its short name (required)\n"
            "  --floor FLOOR  where it stands (required)\n"
            "  --note TEXT    a remark (may be given several times)\n"
            "  --count N      how many (otherwise 1)\n"
            "  --if-absent    all right where it is there\n"
            "  --config FILE  the configuration file (otherwise /etc/yagura.toml)\n"
            "  --help         show this text\n\n"
            "Examples:\n"
            "  yagura camera add --code 1F-01 --floor 1F\n");
  EXPECT_THAT(HelpOf({"--help"}), HasSubstr("  camera list  Lists cameras\n"));
  EXPECT_THAT(HelpOf({"camera", "--help"}), ::testing::Not(HasSubstr("migrate")));
  EXPECT_THAT(HelpOf({"camera", "add", "--wrong", "--help", "--code"}), HasSubstr("Adds a camera"));
}

TEST(CommandLineTest, ReadsWholeNumbersWithinTheirRange) {
  const auto line = Read({"camera", "add", "--code", "12", "--floor", "12x"});
  const auto& given = std::get<Invocation>(line).arguments;
  EXPECT_EQ(given.Integer("code", 1, 12).value(), 12);
  EXPECT_EQ(given.Integer("count", 1, 12).value(), 1);
  EXPECT_EQ(given.Integer("code", 1, 11).error().message(),
            "--code: expected a whole number from 1 to 11, found \"12\"");
  EXPECT_FALSE(given.Integer("floor", 1, 20).has_value());
}

}  // namespace
}  // namespace yagura
