#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "office/office.h"

namespace yagura::office {

/// From an instant on a person sees these cameras' new pictures, or what they recorded for a unit
/// that is closed; or no longer does, where it was the other way round before the change of the
/// office.
struct ReachChange {
  WallTime from{};
  std::string person;   // username
  std::string past_of;  // code of the closed unit; empty: new pictures
  bool gains = false;
  std::vector<std::string> cameras;  // codes
  friend bool operator==(const ReachChange&, const ReachChange&) = default;
};

/// Who gains or loses which cameras, and when, by turning `before` into `after` at `now`: asks
/// access_control::Decide of both offices at `now` and at every later instant at which a fact of
/// either begins or ends, about footage recorded at that instant by a camera in service, and about
/// what closed units' cameras recorded last. By time, then by person. kDataLoss: an office
/// contradicts itself. Pure.
[[nodiscard]] Result<std::vector<ReachChange>> CompareReach(const Office& before,
                                                            const Office& after, WallTime now);

}  // namespace yagura::office
