#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace yagura {

/// One option of a command, written `--name VALUE` or, where `value` is empty, `--name`; or, as an
/// operand, just `VALUE` behind the command's words.
struct CommandOption {
  std::string name{};   // without the dashes
  std::string value{};  // what help calls its value, "CODE"; empty: a flag
  std::string help{};   // one line
  bool required = false;
  bool repeatable = false;
  std::string standard{};  // the value where it isn't given; shown in help
  bool operand = false;    // required; at most one of a command

  /// How it is called in errors: "--floor", or an operand's "DIR".
  [[nodiscard]] std::string Called() const { return operand ? value : "--" + name; }
};

/// One thing that a program can be told to do, and the text that teaches it.
struct Command {
  std::vector<std::string> words{};  // {"camera", "add"}
  std::string summary{};             // one line, in the list of commands
  std::string description{};         // what it does, in a few lines
  std::vector<std::string> examples{};
  std::vector<CommandOption> options{};
};

/// What help and errors say around the commands' own texts, so that a program can speak another
/// language. "{…}" are filled in.
struct CommandPhrases {
  std::string usage = "Usage";
  std::string commands = "Commands";
  std::string options = "Options";
  std::string examples = "Examples";
  std::string required = "required";
  std::string repeatable = "may be given several times";
  std::string standard = "otherwise {value}";
  std::string command_help = "`{program} COMMAND --help` explains a command and shows an example.";
  std::string help_option = "show this text";
  std::string version_option = "show the version";
  std::string no_command = "no command given";
  std::string unknown_command = "there is no command \"{given}\"";
  std::string unknown_option = "there is no option \"{given}\"";
  std::string unexpected = "nothing is expected where \"{given}\" stands";
  std::string value_missing = "{option} needs a value";
  std::string given_twice = "{option} is given more than once";
  std::string options_missing = "not given: {options}";
  std::string did_you_mean = "; did you mean \"{word}\"?";
};

struct CommandSet {
  std::string program{};  // "yagura"
  std::string version{};  // "0.1.0"; empty: there is no --version
  std::string summary{};  // one line
  std::vector<Command> commands{};
  std::vector<CommandOption> common{};  // taken by every command, before or after its words
  CommandPhrases phrases{};
};

/// What was given for a command's options.
class Arguments {
 public:
  void Add(const std::string& option, std::string value) {
    values_[option].push_back(std::move(value));
  }

  /// Whether the option was given.
  [[nodiscard]] bool Has(std::string_view option) const { return values_.contains(option); }
  /// The value given, or its standard; nothing where there is neither.
  [[nodiscard]] std::optional<std::string> Find(std::string_view option) const;
  /// The same for an option that is required or has a standard.
  [[nodiscard]] std::string Get(std::string_view option) const { return Find(option).value_or(""); }
  /// Every value of a repeatable option.
  [[nodiscard]] std::vector<std::string> All(std::string_view option) const;
  /// A whole number from `min` to `max`; kInvalidArgument says what was expected and what came.
  [[nodiscard]] Result<std::int64_t> Integer(std::string_view option, std::int64_t min,
                                             std::int64_t max) const;

 private:
  friend class CommandLineParser;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::map<std::string, std::string, std::less<>> standards_;
};

struct Invocation {
  std::size_t command = 0;  // index in CommandSet::commands
  Arguments arguments;
};
/// Help, or the version, was asked for; to be printed as it is.
struct HelpText {
  std::string text;
};
/// The line makes no sense: why, and a command that helps on.
struct UsageError {
  std::string problem;
  std::string next;  // "yagura camera add --help"
};
using CommandLine = std::variant<Invocation, HelpText, UsageError>;

/// Reads the arguments after the program's name. Options are `--name value` or `--name=value`; one
/// given twice, unknown, or without its value is an error; `--help` wins over every error;
/// `--version` stands alone. Pure.
[[nodiscard]] CommandLine ParseCommandLine(const CommandSet& set,
                                           std::span<const std::string> arguments);

/// Help for the commands that begin with `words` (none: all; all words of a command: that one).
[[nodiscard]] std::string HelpFor(const CommandSet& set, std::span<const std::string> words);

}  // namespace yagura
