#pragma once

#include <string>
#include <vector>

#include "api/media/byte_timeline.h"
#include "api/media/clip_folder.h"
#include "api/media/footage_plan.h"
#include "api/media/movie_file.h"
#include "core/result.h"

namespace yagura::api {

/// One progressive file for a plan, ready to be sent.
struct Movie {
  struct ClipPiece {
    MoviePiece bytes;       // of clips[bytes.file]
    ByteTimeline timeline;  // by offsets in the clip file
  };
  std::vector<std::uint8_t> head;
  std::vector<ClipPiece> pieces;
  std::uint64_t size_bytes = 0;
  std::vector<storage::ClipRow> clips;
  std::vector<std::vector<storage::IndexedFragment>> fragments;  // of clips, in their order
  std::vector<WallRange> shown;                                  // what is presented, by start
  std::string etag;  // strong, quoted: the same footage for the same range has the same bytes
};

/// Wall time of the frames shown lies in plan.range: a frame belongs to the range where its instant
/// of presentation does. All sequences must have one format. kNotFound: no frame is shown.
/// kDataLoss: a clip file is missing, its head is damaged, or it is cut short before the range's
/// end. Whether the frames are as they were written is for whoever sends them to check.
[[nodiscard]] Result<Movie> BuildMovie(const FootagePlan& plan, const ClipFolder& folder);

/// Stretches of `range` of which nothing is shown and that are longer than `least`, by start. Pure.
[[nodiscard]] std::vector<WallRange> GapsBetween(const std::vector<WallRange>& shown,
                                                 WallRange range, microseconds least);

}  // namespace yagura::api
