#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/access_unit.h"

namespace yagura::api {

/// Makes one viewer's fragmented MP4 of access units: a header, then each frame as `moof` + `mdat`
/// of its own, so that it can be shown when it comes. Times begin at zero and run on over new
/// timelines by the wall time between them. Pure; one thread.
class LiveMuxer {
 public:
  /// The frame's bytes but its data, which follow; before the first one with the header. A frame's
  /// duration is the distance of the two before it: the next one isn't there yet. Its `tfdt` tells.
  [[nodiscard]] std::string HeadOf(const AccessUnit& unit);
  /// Whether `unit` can follow what was sent under the one header.
  [[nodiscard]] bool Fits(const AccessUnit& unit) const;

 private:
  [[nodiscard]] std::int64_t PlaceOf(const AccessUnit& unit);

  std::shared_ptr<const StreamFormat> format_;  // none: nothing was sent
  std::uint32_t timeline_ = 0;
  std::int64_t shift_90k_ = 0;  // from the stream's axis to the viewer's
  std::int64_t last_dts_90k_ = 0;
  WallTime last_wall_{};
  std::int64_t duration_90k_ = 0;
  std::uint32_t sequence_ = 0;
};

}  // namespace yagura::api
