#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "api/media/movie_timeline.h"
#include "core/result.h"

namespace yagura::api {

/// Bytes [offset, offset + size_bytes) of one of the caller's files, copied into the movie as they
/// lie.
struct MoviePiece {
  std::uint32_t file = 0;
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  friend bool operator==(const MoviePiece&, const MoviePiece&) = default;
};

/// A progressive file (ISO/IEC 14496-12): `head` (ftyp, moov, header of mdat), then the pieces.
struct MovieFile {
  std::vector<std::uint8_t> head;
  std::vector<MoviePiece> pieces;
  std::uint64_t size_bytes = 0;
};

/// Lays out a file for `timeline`, whose frames all have the format described by `init_segment` (a
/// clip's ftyp and moov). There is one piece per clip file: what lies between its frames (the boxes
/// of its fragments, under 0.1 %) goes along inside mdat, where nothing refers to it, so that a
/// minute of footage is one sendfile. Same input, same bytes. kDataLoss: no sample description in
/// `init_segment`. `timeline` has at least one frame.
[[nodiscard]] Result<MovieFile> LayOutMovie(const MovieTimeline& timeline,
                                            std::span<const std::uint8_t> init_segment);

}  // namespace yagura::api
