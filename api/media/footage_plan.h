#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "access_control/gate.h"
#include "core/camera_stream.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/catalogue.h"

namespace yagura::api {

class ClipFolder;

/// Clips that one decoder can play in one go: consecutive ones of a run, or of runs rolled without
/// a keyframe between.
struct ClipSequence {
  std::vector<storage::ClipRow> clips;
  std::size_t lead_in_clips =
      0;  // the first of `clips`, which are only decoded: the range asked for begins behind them
  std::array<std::uint8_t, 32> init_sha256{};
  std::string codec{};  // RFC 6381
};

/// Which clips answer for a range of one stream of a camera, as far as the person may see them.
struct FootagePlan {
  CameraId camera;
  WallRange range;
  std::vector<ClipSequence> sequences;  // by start
  std::map<VolumeId, std::string> volume_paths;
  bool too_full = false;  // more clips than one answer may take: then none of them is here
};

/// Reads the rows under the permit's row-level security and decides each clip by its own owner.
/// Clips that are being written are there as far as their files in `folder` have them. A lead-in is
/// footage of its own: one that may not be seen is left out, and showing starts at the next
/// keyframe.
[[nodiscard]] Result<FootagePlan> PlanFootage(const access_control::Permit& permit, CameraStream of,
                                              WallRange range, const ClipFolder& folder);

/// Clips, by start, as sequences. Pure.
[[nodiscard]] std::vector<ClipSequence> JoinClips(std::vector<storage::ClipRow> clips);

/// A stretch that one viewing records: at most kViewingMax, of one unit, whole clips, but for the
/// first and the last one's GOPs.
struct ViewingStretch {
  WallRange interval;
  std::vector<access_control::Footage> footage;  // one at least
  [[nodiscard]] access_control::Footage AsOne(CameraId camera) const {
    return {camera, footage.front().unit, interval};
  }
};
/// What has to be recorded before the bytes of `plan` are handed out, in their order. The range
/// asked for is widened to the keyframe before it and to the GOP that it ends in. Pure.
[[nodiscard]] std::vector<ViewingStretch> StretchesOf(const FootagePlan& plan);

}  // namespace yagura::api
