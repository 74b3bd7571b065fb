#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access_control/gate.h"
#include "api/media/clip_folder.h"
#include "core/camera_stream.h"
#include "core/result.h"
#include "storage/catalogue.h"
#include "storage/growing_clips_pg.h"

namespace yagura::api {

/// A clip that is being written as a row, as far as its file has it: up to the last fragment that
/// is whole. What the row says of bytes stays true while the clip grows. Its SHA-256 is of no
/// bytes, but stands for so many of this clip; its end is by its start's clock: the recorder may
/// date it anew by some milliseconds.
/// Nothing: it holds no frame yet, or its file is not there (any more).
[[nodiscard]] std::optional<storage::ClipRow> AsFarAsWritten(
    const storage::GrowingClip& clip, const std::map<VolumeId, std::string>& volume_paths,
    const ClipFolder& folder);

/// Those of a stream that overlap `range` and that the person may see, by start.
[[nodiscard]] std::vector<storage::ClipRow> GrowingClipsOf(
    const access_control::Permit& permit, CameraStream of, const WallRange& range,
    const std::map<VolumeId, std::string>& volume_paths, const ClipFolder& folder);

}  // namespace yagura::api
