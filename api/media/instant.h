#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/media/footage_plan.h"
#include "api/media/viewings.h"
#include "api/route.h"

namespace yagura::api {

/// One instant of a camera's past that was asked for by `at`: decided, and what may be seen of it.
struct EnteredInstant {
  WallTime at;
  FootagePlan plan;
  std::vector<ViewingStretch> stretches;
  std::optional<access_control::Viewing> viewing;  // recorded for it; none: one is open already
  /// Whether anything may be shown: what stretches() has one of.
  [[nodiscard]] bool has_footage() const {
    return !plan.sequences.empty() && stretches.size() == 1;
  }
};
/// Decides, and records the viewing where none is open that covers the instant; a HEAD records
/// none. Errors as Gate::Enter; kInvalidArgument: "at" is no instant.
[[nodiscard]] Result<EnteredInstant> EnterInstant(const Entrance& entrance, Viewings& viewings,
                                                  const ClipFolder& folder);

/// The open viewing under which it is shown. `entered` has footage.
[[nodiscard]] Result<std::shared_ptr<OpenViewing>> OpenFor(const Call& call,
                                                           const EnteredInstant& entered,
                                                           Viewings& viewings);

/// A JPEG of `shown`, reported as handed out under `open`, whose right is looked at once more.
[[nodiscard]] Result<Response> AnswerPicture(OpenViewing& open, WallRange shown, std::string jpeg,
                                             Viewings& viewings);
/// What a HEAD is answered.
[[nodiscard]] Response PictureHeadOnly();

}  // namespace yagura::api
