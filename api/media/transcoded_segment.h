#pragma once

#include <string>

#include "api/media/byte_range.h"
#include "api/media/clip_folder.h"
#include "api/media/transcoders.h"
#include "api/media/viewings.h"
#include "core/result.h"

namespace yagura::api {

/// The frames that lie in `range` of a clip as H.264, each at its own instant: one `moof` and
/// `mdat` that the header of TranscodedInit goes before. `range` begins with a keyframe: a segment
/// of a playlist.
///
/// Errors: kOutOfRange: no frames lie there, or they begin between two keyframes; kDataLoss: the
/// clip is damaged, or nothing can be decoded; kUnavailable: the worker died, or the object store
/// doesn't answer; kUnimplemented, kInvalidArgument: as Transcode.
[[nodiscard]] Result<std::string> TranscodedSegment(const ServedClip& clip, const ByteRange& range,
                                                    const ClipFolder& folder,
                                                    Transcoders::Player& player);

/// The header (`ftyp`, `moov`) for what is transcoded of clips that begin with `stored`. It hangs
/// on their format alone. Errors as above.
[[nodiscard]] Result<std::vector<std::uint8_t>> TranscodedInit(
    const std::vector<std::uint8_t>& stored, Transcoders::Player& player);

}  // namespace yagura::api
