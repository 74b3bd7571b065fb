#pragma once

#include <optional>

#include "access_control/organisation.h"
#include "core/ids.h"
#include "core/time.h"

namespace yagura::access_control {

/// Until when `unit` is in charge of `camera`, by the charges that are known; nothing where another
/// unit or none is at `now`. Zeros: nobody, as of a staged camera without a charge. Pure,
/// thread-safe.
[[nodiscard]] std::optional<WallTime> InChargeUntil(const Facts& facts, CameraId camera,
                                                    UnitId unit, WallTime now);

}  // namespace yagura::access_control
