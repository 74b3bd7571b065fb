#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "api/media/live_axis.h"
#include "core/access_unit.h"

namespace yagura::api {

/// Makes one viewer's fragmented MP4 of access units: a header, then each frame as `moof` + `mdat`
/// of its own, so that it can be shown when it comes, at its place on a LiveAxis. Pure; one thread.
class LiveMuxer {
 public:
  /// The frame's bytes but its data, which follow; before the first one with the header. A frame's
  /// duration is the distance of the two before it: the next one isn't there yet. Its `tfdt` tells.
  [[nodiscard]] std::string HeadOf(const AccessUnit& unit);
  /// Whether `unit` can follow what was sent under the one header.
  [[nodiscard]] bool Fits(const AccessUnit& unit) const;

 private:
  std::shared_ptr<const StreamFormat> format_;  // none: nothing was sent
  LiveAxis axis_;
  std::uint32_t sequence_ = 0;
};

}  // namespace yagura::api
