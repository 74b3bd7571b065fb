#pragma once

#include <chrono>

#include "core/result.h"
#include "core/time.h"

namespace yagura::fleet {

/// A change of charge, placement or state takes effect at the earliest this long after it is
/// entered, so that the recorder knows of it in time to roll its runs at that instant.
inline constexpr std::chrono::seconds kEffectDelay{5};
/// What of it must be left when the change is committed: the recorder asks for changes each second.
inline constexpr std::chrono::seconds kNoticeTime{2};

[[nodiscard]] constexpr WallTime EarliestEffect(WallTime now) { return now + kEffectDelay; }

/// kFailedPrecondition where `at` is too early for a change entered at `now`.
[[nodiscard]] Result<void> CheckEffect(WallTime now, WallTime at);
/// Asked last in the transaction that enters the change: kAborted where it took so long (a lock, a
/// slow disk) that the recorder would learn of it too late.
[[nodiscard]] Result<void> CheckStillInTime(WallTime now, WallTime at);

}  // namespace yagura::fleet
