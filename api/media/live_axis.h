#pragma once

#include <cstdint>

#include "core/access_unit.h"

namespace yagura::api {

/// The axis on which a stream's frames are shown live: from zero on, and over new timelines by the
/// wall time between them. Pure; one thread.
class LiveAxis {
 public:
  struct Place {
    std::int64_t dts_90k = 0;
    /// The distance of the two frames before this one: the next one isn't there yet.
    std::int64_t duration_90k = 0;
  };
  [[nodiscard]] Place PlaceOf(const AccessUnit& unit);

 private:
  bool begun_ = false;
  std::uint32_t timeline_ = 0;
  std::int64_t shift_90k_ = 0;  // from the stream's axis to this one
  std::int64_t last_dts_90k_ = 0;
  WallTime last_wall_{};
  std::int64_t duration_90k_ = 0;
};

}  // namespace yagura::api
