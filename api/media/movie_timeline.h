#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"

namespace yagura::api {

/// One coded frame as it lies in a clip file.
struct StoredFrame {
  std::uint32_t file = 0;  // which of the files that the caller counts
  std::uint64_t offset = 0;
  std::uint32_t size_bytes = 0;
  MediaTime dts;
  MediaTime pts;
  bool keyframe = false;
};

/// Frames of consecutive clips of one run, in decoding order, and which of them to show: those with
/// pts in [show_from, show_to).
struct FrameSequence {
  std::vector<StoredFrame> frames;
  MediaTime end;  // where the last frame shown on this axis ends
  MediaTime show_from;
  MediaTime show_to;
};

/// Cuts a sequence down to what showing needs: from the keyframe that the first frame shown hangs
/// on, to the last frame shown in decoding order. Narrows show_from and show_to to whole frames.
/// Nothing where no frame is shown, or where the first frames shown have no keyframe before them:
/// those are left out, and showing starts at the next keyframe.
[[nodiscard]] std::optional<FrameSequence> CutToShown(FrameSequence sequence);

/// The frames of a whole file on one track's axis, in ticks of 1/90000 s.
struct MovieFrame {
  StoredFrame stored;
  std::int64_t dts = 0;  // from 0, never falling
  std::int64_t pts = 0;
};
/// A stretch of the track that is shown (ISO/IEC 14496-12, 8.6.6); the others are decoded only.
struct MovieEdit {
  std::int64_t media_time = 0;
  std::int64_t duration = 0;
  friend bool operator==(const MovieEdit&, const MovieEdit&) = default;
};
struct MovieTimeline {
  std::vector<MovieFrame> frames;  // in decoding order
  std::vector<MovieEdit> edits;    // in order, none empty
  std::int64_t dts_end = 0;
  std::int64_t pts_end = 0;  // behind every frame, shown or not
};

/// Puts cut sequences one after the other. Time between them is collapsed: what is shown of one
/// follows on what was shown before. No frame of one, hidden ones included, lies on the track among
/// those of another: players look for an edit's first frame by its time.
[[nodiscard]] MovieTimeline JoinSequences(const std::vector<FrameSequence>& sequences);

}  // namespace yagura::api
