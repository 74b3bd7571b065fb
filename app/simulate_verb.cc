#include <array>
#include <utility>

#include "app/verbs.h"
#include "simulate/command.h"

namespace yagura::app {
namespace {

using simulate::AuthScheme;
using simulate::ParameterSets;

constexpr std::array<std::pair<std::string_view, ParameterSets>, 3> kParameterSets{{
    {"both", ParameterSets::kSdpAndInBand},
    {"sdp", ParameterSets::kSdpOnly},
    {"in-band", ParameterSets::kInBandOnly},
}};
constexpr std::array<std::pair<std::string_view, AuthScheme>, 3> kAuthSchemes{{
    {"digest-md5", AuthScheme::kDigestMd5},
    {"digest-sha256", AuthScheme::kDigestSha256},
    {"basic", AuthScheme::kBasic},
}};

constexpr std::string_view kAllHabits = "all";

/// The value that the option's word stands for.
template <class T, std::size_t N>
Result<T> Choice(const Arguments& given, std::string_view option,
                 const std::array<std::pair<std::string_view, T>, N>& choices) {
  const std::string word = given.Get(option);
  std::string known;
  for (const auto& [name, value] : choices) {
    if (name == word) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return Failure(Refusal(ErrorCode::kInvalidArgument,
                         "--" + std::string(option) + " is \"" + word + "\"; it can be " + known,
                         "yagura simulate --help"));
}

/// Those of these names, or all there are.
Result<std::vector<const simulate::Habits*>> HabitsNamed(const std::vector<std::string>& names) {
  std::vector<const simulate::Habits*> habits;
  for (const std::string& name : names) {
    for (const simulate::Habits& known : simulate::KnownHabits()) {
      if (name == kAllHabits || name == known.name) habits.push_back(&known);
    }
    if (name == kAllHabits || simulate::FindHabits(name) != nullptr) continue;
    std::string all(kAllHabits);
    for (const simulate::Habits& known : simulate::KnownHabits())
      all.append(", ").append(known.name);
    return Failure(Refusal(ErrorCode::kInvalidArgument,
                           "--habit is \"" + name + "\"; it can be " + all,
                           "yagura simulate --help"));
  }
  return habits;
}

Result<int> RunSimulate(VerbContext& context) {
  const Arguments& given = context.given;
  simulate::SimulateOptions options;
  ASSIGN_OR_RETURN(const std::int64_t cameras, given.Integer("cameras", 1, 10'000));
  ASSIGN_OR_RETURN(const std::int64_t port, given.Integer("port", 0, 65'535));
  ASSIGN_OR_RETURN(const std::int64_t drift_ppm, given.Integer("drift-ppm", -10'000, 10'000));
  ASSIGN_OR_RETURN(options.cameras.parameter_sets, Choice(given, "parameter-sets", kParameterSets));
  ASSIGN_OR_RETURN(options.auth_scheme, Choice(given, "auth", kAuthSchemes));
  ASSIGN_OR_RETURN(options.cameras.habits, HabitsNamed(given.All("habit")));
  options.port = static_cast<std::uint16_t>(port);
  options.cameras.count = static_cast<std::uint32_t>(cameras);
  options.cameras.drift_ppm = static_cast<double>(drift_ppm);
  if (!given.Get("rate").empty()) {
    ASSIGN_OR_RETURN(const std::int64_t rate, given.Integer("rate", 1, 240));
    options.cameras.rate = simulate::FrameRate{static_cast<std::uint32_t>(rate), 1};
  }
  for (const std::string& loop : given.All("loop")) options.cameras.loops.emplace_back(loop);
  options.sent_log = given.Get("sent-log");
  options.faults = given.Get("faults");
  options.credentials = given.Get("credentials");
  return simulate::RunSimulate(options);
}

}  // namespace

Verb SimulateVerb(const Messages& say) {
  CommandOption loop = Required("loop", say("value.file"), say("simulate.loop"));
  loop.repeatable = true;
  CommandOption habit = Optional("habit", say("value.name"), say("simulate.habit"));
  habit.repeatable = true;
  const auto standard = [](CommandOption option, const char* value) {
    option.standard = value;
    return option;
  };
  return {
      .command =
          {.words = {"simulate"},
           .summary = say("simulate"),
           .description = say("simulate.about"),
           .examples =
               {"yagura simulate --cameras 12 --port 8554 --loop street.h264 --sent-log sent.log"},
           .options = {standard(Optional("cameras", "N", say("simulate.cameras")), "1"),
                       standard(Optional("port", "N", say("simulate.port")), "0"), loop,
                       Optional("rate", "N", say("simulate.rate")),
                       Optional("sent-log", say("value.file"), say("simulate.sent_log")),
                       Optional("faults", say("value.file"), say("simulate.faults")),
                       standard(Optional("parameter-sets", "both|sdp|in-band",
                                         say("simulate.parameter_sets")),
                                "both"),
                       standard(Optional("drift-ppm", "N", say("simulate.drift")), "0"),
                       Optional("credentials", say("value.file"), say("simulate.credentials")),
                       standard(
                           Optional("auth", "digest-md5|digest-sha256|basic", say("simulate.auth")),
                           "digest-md5"),
                       habit}},
      .run = RunSimulate};
}

}  // namespace yagura::app
