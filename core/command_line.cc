#include "core/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "core/closest_word.h"
#include "core/fill_in.h"

namespace yagura {

std::optional<std::string> Arguments::Find(std::string_view option) const {
  if (const auto given = values_.find(option); given != values_.end()) return given->second.back();
  if (const auto standard = standards_.find(option); standard != standards_.end())
    return standard->second;
  return std::nullopt;
}

std::vector<std::string> Arguments::All(std::string_view option) const {
  const auto given = values_.find(option);
  return given == values_.end() ? std::vector<std::string>() : given->second;
}

Result<std::int64_t> Arguments::Integer(std::string_view option, std::int64_t min,
                                        std::int64_t max) const {
  const std::string text = Get(option);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc() && end == text.data() + text.size() && value >= min && value <= max)
    return value;
  return Failure(ErrorCode::kInvalidArgument, "--" + std::string(option) +
                                                  ": expected a whole number from " +
                                                  std::to_string(min) + " to " +
                                                  std::to_string(max) + ", found \"" + text + "\"");
}

/// Reads one command line with CLI11, which splits it into commands, options and what is left over;
/// what is wrong with it is said here, in the program's language. One use.
class CommandLineParser {
 public:
  explicit CommandLineParser(const CommandSet& set) : set_(set) {
    Declare(root_, set.common);
    for (const Command& command : set.commands)
      Declare(SubcommandOf(command.words), command.options);
  }

  CommandLine Parse(std::span<const std::string> arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    const bool help =
        std::erase_if(reversed, [](const auto& a) { return a == "--help" || a == "-h"; }) > 0;
    try {
      root_.parse(reversed);
    } catch (const CLI::ParseError& problem) {
      FindWords();
      if (help) return HelpText{HelpFor(set_, words_)};
      const std::string what = problem.what();  // "--name: 1 required … missing"
      return Wrong(
          FillIn(set_.phrases.value_missing, {{"option", what.substr(0, what.find(':'))}}));
    }
    FindWords();
    if (help) return HelpText{HelpFor(set_, words_)};
    return Judge();
  }

 private:
  void Declare(CLI::App& app, const std::vector<CommandOption>& options) {
    app.set_help_flag("");
    app.allow_extras();
    app.fallthrough();
    app.require_subcommand(0, 1);
    for (const CommandOption& option : options) {
      const std::string name = DeclaredAs(option);
      CLI::Option* added =
          option.value.empty() ? app.add_flag(name) : app.add_option(name)->expected(1);
      added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
  }

  /// CLI11 takes a name without dashes for an operand's.
  static std::string DeclaredAs(const CommandOption& option) {
    return option.operand ? option.name : "--" + option.name;
  }

  CLI::App& SubcommandOf(const std::vector<std::string>& words) {
    CLI::App* app = &root_;
    for (const std::string& word : words) {
      const auto children =
          app->get_subcommands([&word](CLI::App* child) { return child->get_name() == word; });
      if (!children.empty()) {
        app = children.front();
        continue;
      }
      app = app->add_subcommand(word);
      if (&word != &words.back()) Declare(*app, {});
    }
    return *app;
  }

  void FindWords() {
    deepest_ = &root_;
    while (!deepest_->get_subcommands().empty()) {
      deepest_ = deepest_->get_subcommands().front();
      words_.push_back(deepest_->get_name());
    }
  }

  CommandLine Judge() {
    const auto command = std::find_if(set_.commands.begin(), set_.commands.end(),
                                      [this](const Command& c) { return c.words == words_; });
    if (const auto left = root_.remaining(true); !left.empty()) {
      return LeftOver(left.front(), command == set_.commands.end() ? nullptr : &*command);
    }
    if (command == set_.commands.end()) return Wrong(set_.phrases.no_command);
    Invocation invocation;
    invocation.command = static_cast<std::size_t>(command - set_.commands.begin());
    for (const auto& [app, options] :
         {std::pair{deepest_, &command->options}, std::pair{&root_, &set_.common}}) {
      for (const CommandOption& option : *options) {
        if (auto problem = Take(*app, option, invocation.arguments)) return Wrong(*problem);
      }
    }
    if (!missing_.empty())
      return Wrong(FillIn(set_.phrases.options_missing, {{"options", missing_}}));
    return invocation;
  }

  /// Moves what was given for one option to `arguments`; a problem, if there is one.
  std::optional<std::string> Take(CLI::App& app, const CommandOption& option,
                                  Arguments& arguments) {
    const std::string name = option.Called();
    const auto& results = app.get_option(DeclaredAs(option))->results();
    if (results.size() > 1 && !option.repeatable)
      return FillIn(set_.phrases.given_twice, {{"option", name}});
    if (results.empty() && option.required) missing_ += (missing_.empty() ? "" : ", ") + name;
    if (!option.standard.empty()) arguments.standards_[option.name] = option.standard;
    for (const std::string& result : results) {
      const bool swallowed_option = result.starts_with("--") && Known(result);
      if (swallowed_option) return FillIn(set_.phrases.value_missing, {{"option", name}});
      arguments.Add(option.name, result);
    }
    return std::nullopt;
  }

  [[nodiscard]] bool Known(const std::string& name) const {
    return deepest_->get_option_no_throw(name) != nullptr ||
           root_.get_option_no_throw(name) != nullptr;
  }

  CommandLine LeftOver(const std::string& given, const Command* command) {
    const bool option = given.starts_with("-");
    std::vector<std::string> candidates;
    if (option) {
      for (const auto* list : {command == nullptr ? nullptr : &command->options, &set_.common}) {
        if (list == nullptr) continue;
        for (const CommandOption& known : *list) candidates.push_back(known.Called());
      }
    } else {
      for (const CLI::App* child : deepest_->get_subcommands({}))
        candidates.push_back(child->get_name());
    }
    const std::string& phrase = option               ? set_.phrases.unknown_option
                                : command == nullptr ? set_.phrases.unknown_command
                                                     : set_.phrases.unexpected;
    std::string problem = FillIn(phrase, {{"given", given.substr(0, given.find('='))}});
    if (const auto word = ClosestWord(given, candidates)) {
      problem += FillIn(set_.phrases.did_you_mean, {{"word", *word}});
    }
    return Wrong(problem);
  }

  [[nodiscard]] CommandLine Wrong(std::string problem) const {
    std::string next = set_.program;
    for (const std::string& word : words_) next += " " + word;
    return UsageError{std::move(problem), next + " --help"};
  }

  const CommandSet& set_;
  CLI::App root_;
  CLI::App* deepest_ = nullptr;
  std::vector<std::string> words_;
  std::string missing_;
};

CommandLine ParseCommandLine(const CommandSet& set, std::span<const std::string> arguments) {
  if (!set.version.empty() && arguments.size() == 1 && arguments.front() == "--version") {
    return HelpText{set.program + " " + set.version + "\n"};
  }
  return CommandLineParser(set).Parse(arguments);
}

}  // namespace yagura
