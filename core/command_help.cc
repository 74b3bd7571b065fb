#include <algorithm>

#include "core/command_line.h"
#include "core/fill_in.h"

namespace yagura {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string Joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

bool BeginsWith(const Command& command, std::span<const std::string> words) {
  return words.size() <= command.words.size() &&
         std::equal(words.begin(), words.end(), command.words.begin());
}

/// "Title:" and two columns; the left one holds ASCII only.
std::string Section(const std::string& title, const Rows& rows) {
  if (rows.empty()) return "";
  std::size_t width = 0;
  for (const auto& [left, right] : rows) width = std::max(width, left.size());
  std::string text = "\n" + title + ":\n";
  for (const auto& [left, right] : rows) {
    text += "  " + left + std::string(width + 2 - left.size(), ' ') + right + "\n";
  }
  return text;
}

std::string WithNotes(const CommandOption& option, const CommandPhrases& phrases) {
  std::string notes;
  const auto note = [&notes](const std::string& text) {
    notes += (notes.empty() ? "" : ", ") + text;
  };
  if (option.required) note(phrases.required);
  if (option.repeatable) note(phrases.repeatable);
  if (!option.standard.empty()) note(FillIn(phrases.standard, {{"value", option.standard}}));
  return notes.empty() ? option.help : option.help + " (" + notes + ")";
}

void AddRows(const std::vector<CommandOption>& options, const CommandPhrases& phrases, Rows& rows) {
  for (const CommandOption& option : options) {
    const bool valued = !option.operand && !option.value.empty();
    rows.emplace_back(option.Called() + (valued ? " " + option.value : ""),
                      WithNotes(option, phrases));
  }
}

std::string UsageOf(const CommandSet& set, const Command& command) {
  std::string usage = set.program + " " + Joined(command.words);
  bool optional = !set.common.empty();
  for (const CommandOption& option : command.options) {
    optional |= !option.required;
    if (option.operand) usage += " " + option.value;
    if (option.required && !option.operand) usage += " --" + option.name + " " + option.value;
  }
  return usage + (optional ? " [--…]" : "");
}

std::string HelpForOne(const CommandSet& set, const Command& command) {
  const CommandPhrases& say = set.phrases;
  std::string text = command.summary + "\n\n" + say.usage + ": " + UsageOf(set, command) + "\n";
  if (!command.description.empty()) text += "\n" + command.description + "\n";
  Rows options;
  AddRows(command.options, say, options);
  AddRows(set.common, say, options);
  options.emplace_back("--help", say.help_option);
  text += Section(say.options, options);
  if (!command.examples.empty()) text += "\n" + say.examples + ":\n";
  for (const std::string& example : command.examples) text += "  " + example + "\n";
  return text;
}

}  // namespace

std::string HelpFor(const CommandSet& set, std::span<const std::string> words) {
  Rows commands;
  for (const Command& command : set.commands) {
    if (!BeginsWith(command, words)) continue;
    if (command.words.size() == words.size()) return HelpForOne(set, command);
    commands.emplace_back(Joined(command.words), command.summary);
  }
  Rows options;
  AddRows(set.common, set.phrases, options);
  options.emplace_back("--help", set.phrases.help_option);
  if (!set.version.empty() && words.empty()) {
    options.emplace_back("--version", set.phrases.version_option);
  }
  const std::string above = words.empty() ? "" : " " + Joined(words);
  return set.summary + "\n\n" + set.phrases.usage + ": " + set.program + above +
         " COMMAND [--…]\n" + Section(set.phrases.commands, commands) +
         Section(set.phrases.options, options) + "\n" +
         FillIn(set.phrases.command_help, {{"program", set.program}}) + "\n";
}

}  // namespace yagura
