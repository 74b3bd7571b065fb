#pragma once

#include "storage/journal_records.h"

namespace yagura::app {

/// What the kernel says of our own clock, as the machine's time service (chrony, systemd-timesyncd,
/// ntpd) told it: kept to the time of day or not; kUnknown where the kernel can't be asked. Any
/// thread.
[[nodiscard]] storage::ClockState ClockDiscipline();

}  // namespace yagura::app
