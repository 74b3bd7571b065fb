#include "app/given_seals.h"

#include "app/state_files.h"

namespace yagura::app {

Result<GivenSeals> ReadGivenSeals(const VerbContext& context, const Configuration& configuration) {
  const StateFiles state(configuration.state_directory);
  GivenSeals given;
  given.path = context.given.Find("seals").value_or(state.seals());
  const std::string key_path = context.given.Find("public-key").value_or(state.seal_public_key());
  const auto key = ReadSealKey(key_path);
  if (!key.has_value() && key.error().code() == ErrorCode::kNotFound &&
      !context.given.Has("public-key"))
    return given;
  if (!key.has_value()) return Failure(key.error());
  auto seals = ReadSeals(given.path, *key);
  if (seals.has_value()) given.seals = *std::move(seals);
  return given;
}

std::vector<CommandOption> SealOptions(const Messages& say) {
  return {Optional("seals", say("value.file"), say("audit.check.seals")),
          Optional("public-key", say("value.file"), say("audit.check.key"))};
}

}  // namespace yagura::app
