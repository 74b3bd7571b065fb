#include "app/verbs.h"

#include <algorithm>
#include <optional>
#include <ostream>

namespace yagura::app {
namespace {

constexpr int kFailed = 1;
constexpr int kNotUnderstood = 2;

/// The language is needed before the line is read: help and errors speak it too.
std::optional<std::string> GivenLanguage(std::span<const std::string> arguments) {
  constexpr std::string_view kOption = "--language";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].starts_with("--language=")) return arguments[i].substr(kOption.size() + 1);
    if (arguments[i] == kOption && i + 1 < arguments.size()) return arguments[i + 1];
  }
  return std::nullopt;
}
Language LanguageOf(const std::optional<std::string>& given) {
  if (given == "ja") return Language::kJapanese;
  return given == "en" ? Language::kEnglish : LanguageOfEnvironment();
}

CommandSet SetOf(const std::vector<Verb>& verbs, const Messages& say) {
  CommandSet set;
  set.program = "yagura";
  set.summary = say("yagura.summary");
  set.version = YAGURA_VERSION;
  for (const Verb& verb : verbs) set.commands.push_back(verb.command);
  set.common = {{.name = "config",
                 .value = say("value.file"),
                 .help = say("option.config"),
                 .standard = "/etc/yagura/yagura.toml"},
                {.name = "language", .value = "en|ja", .help = say("option.language")}};
  set.phrases = say.Phrases();
  return set;
}

int RunVerb(const Verb& verb, const Invocation& invocation, const Messages& say, Console& console,
            const Clock& clock) {
  VerbContext context{invocation.arguments, say, console.in, console.out, console.err, clock};
  const Result<int> code = verb.run(context);
  if (code.has_value()) return *code;
  console.err << Present(code.error(), say);
  return kFailed;
}

}  // namespace

std::vector<Verb> AllVerbs(const Messages& say) {
  std::vector<Verb> verbs;
  const auto add = [&verbs](std::vector<Verb> group) {
    std::ranges::move(group, std::back_inserter(verbs));
  };
  add({ServeVerb(say), RecordVerb(say), ApiVerb(say), MediaVerb(say), DecodeVerb(say),
       PullWorkerVerb(say), KeepVerb(say), MigrateVerb(say), VolumeFormatVerb(say),
       VolumeListVerb(say), CheckVerb(say), CatalogueRebuildVerb(say), SimulateVerb(say)});
  add(PlaceVerbs(say));
  add(DepartmentVerbs(say));
  add(PersonVerbs(say));
  add(PersonSecretVerbs(say));
  add(SessionVerbs(say));
  add(AssignmentVerbs(say));
  add(CameraVerbs(say));
  add(RolloutVerbs(say));
  add(CertificateVerbs(say));
  add({CameraImportVerb(say), CameraListVerb(say), ChargeChangeVerb(say)});
  add(PhaseVerbs(say));
  add(OfficeVerbs(say));
  add(RetentionVerbs(say));
  add({StatementVerb(say)});
  add({StatusVerb(say), AuditCheckVerb(say)});
  return verbs;
}

int RunYagura(std::span<const std::string> arguments, Console console, const Clock& clock) {
  const auto language = GivenLanguage(arguments);
  const Messages say(LanguageOf(language));
  if (language && language != "en" && language != "ja") {
    console.err << "yagura: " << say("language.unknown", {{"given", *language}}) << "\n"
                << say("usage.next", {{"command", "yagura --help"}}) << "\n";
    return kNotUnderstood;
  }
  const std::vector<Verb> verbs = AllVerbs(say);
  const CommandLine line = ParseCommandLine(SetOf(verbs, say), arguments);
  if (const auto* help = std::get_if<HelpText>(&line)) {
    console.out << help->text;
    return 0;
  }
  if (const auto* wrong = std::get_if<UsageError>(&line)) {
    console.err << "yagura: " << wrong->problem << "\n"
                << say("usage.next", {{"command", wrong->next}}) << "\n";
    return kNotUnderstood;
  }
  const auto& invocation = std::get<Invocation>(line);
  return RunVerb(verbs[invocation.command], invocation, say, console, clock);
}

}  // namespace yagura::app
