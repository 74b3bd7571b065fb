#include "fleet/effect.h"

namespace yagura::fleet {

Result<void> CheckEffect(WallTime now, WallTime at) {
  if (at >= EarliestEffect(now)) return {};
  return Failure(ErrorCode::kFailedPrecondition, "a change at " + FormatRfc3339(at) +
                                                     " is too early; the earliest instant is " +
                                                     FormatRfc3339(EarliestEffect(now)));
}

Result<void> CheckStillInTime(WallTime now, WallTime at) {
  if (at - now >= kNoticeTime) return {};
  return Failure(ErrorCode::kAborted, "entering the change took too long; nothing was changed");
}

}  // namespace yagura::fleet
