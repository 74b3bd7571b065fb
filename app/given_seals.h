#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "app/seal_book.h"
#include "app/verb.h"

namespace yagura::app {

/// The seals that a verb is to believe: those that --seals and --public-key name, a copy say, or
/// this installation's.
struct GivenSeals {
  std::filesystem::path path;
  std::optional<SealHistory> seals;  // none: there is no such file
};
/// Errors: as ReadSealKey, but for a key that nobody named and that isn't there.
[[nodiscard]] Result<GivenSeals> ReadGivenSeals(const VerbContext& context,
                                                const Configuration& configuration);
/// --seals and --public-key.
[[nodiscard]] std::vector<CommandOption> SealOptions(const Messages& say);

}  // namespace yagura::app
