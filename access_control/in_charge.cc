#include "access_control/in_charge.h"

namespace yagura::access_control {

std::optional<WallTime> InChargeUntil(const Facts& facts, CameraId camera, UnitId unit,
                                      WallTime now) {
  for (const ChargeFact& charge : facts.ChargesOf(camera)) {  // by ascending start
    if (charge.valid.to <= now) continue;
    const bool has_begun = charge.valid.from <= now;
    if (unit != (has_begun ? charge.unit : UnitId())) return std::nullopt;
    return has_begun ? charge.valid.to : charge.valid.from;
  }
  if (unit != UnitId()) return std::nullopt;
  return WallTime::max();
}

}  // namespace yagura::access_control
