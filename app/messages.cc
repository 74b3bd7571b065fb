#include "app/messages.h"

#include <cstdlib>

namespace yagura::app {
namespace {

constexpr bool HasSameKeys() {
  return std::equal(std::begin(kEnglishMessages), std::end(kEnglishMessages),
                    std::begin(kJapaneseMessages), std::end(kJapaneseMessages),
                    [](const Message& a, const Message& b) { return a.key == b.key; });
}
static_assert(HasSameKeys(), "the catalogues must have the same keys, in the same order");

}  // namespace

Language LanguageOfEnvironment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("ja") ? Language::kJapanese : Language::kEnglish;
  }
  return Language::kEnglish;
}

std::string Messages::operator()(MessageKey key, FillIns values) const {
  const Message& message = language_ == Language::kJapanese ? kJapaneseMessages[key.index()]
                                                            : kEnglishMessages[key.index()];
  return FillIn(message.text, values);
}

CommandPhrases Messages::Phrases() const {
  const Messages& say = *this;
  return {.usage = say("help.usage"),
          .commands = say("help.commands"),
          .options = say("help.options"),
          .examples = say("help.examples"),
          .required = say("help.required"),
          .repeatable = say("help.repeatable"),
          .standard = say("help.standard"),
          .command_help = say("help.command_help"),
          .help_option = say("help.help_option"),
          .version_option = say("version.option"),
          .no_command = say("usage.no_command"),
          .unknown_command = say("usage.unknown_command"),
          .unknown_option = say("usage.unknown_option"),
          .unexpected = say("usage.unexpected"),
          .value_missing = say("usage.value_missing"),
          .given_twice = say("usage.given_twice"),
          .options_missing = say("usage.options_missing"),
          .did_you_mean = say("usage.did_you_mean")};
}

}  // namespace yagura::app
