#pragma once

#include <optional>
#include <vector>

#include "access_control/action.h"
#include "access_control/organisation.h"
#include "core/ids.h"
#include "core/time.h"

namespace yagura::access_control {

// Lists, as Decide sees them: what stands in a list is what may be asked for one by one. Pure,
// thread-safe.

/// The cameras of `person`'s lists at `now`, by id: those in charge now; operations and
/// administrator all. With `then` also those that were in charge at some instant of it.
[[nodiscard]] std::vector<CameraId> VisibleCameras(const Facts& facts, PersonId person,
                                                   WallTime now,
                                                   std::optional<WallRange> then = std::nullopt);

/// Whether `person` sees the metadata of everything at `now`, also of what has no camera.
[[nodiscard]] bool SeesAllMetadata(const Facts& facts, PersonId person, WallTime now);

/// The parts of `range` in which a unit in charge of `camera` is one whose pictures `person` may
/// see at `now`: split at changes of charge, in order, each with its owner. For time that has no
/// rows of its own; a clip, run or gap is decided by its own owner.
[[nodiscard]] std::vector<Footage> VisiblePieces(const Facts& facts, PersonId person,
                                                 CameraId camera, WallRange range, WallTime now);

/// The actions that `person` may do to something or other at `now`: what a console offers.
[[nodiscard]] std::vector<Action> PossibleActions(const Facts& facts, PersonId person,
                                                  WallTime now);

}  // namespace yagura::access_control
