#include "api/media/movie_timeline.h"

#include <algorithm>

namespace yagura::api {
namespace {

bool IsShown(const FrameSequence& sequence, const StoredFrame& frame) {
  return sequence.show_from <= frame.pts && frame.pts < sequence.show_to;
}

/// Index of the keyframe at or before `index` in decoding order.
std::optional<std::size_t> KeyframeFor(const std::vector<StoredFrame>& frames, std::size_t index) {
  for (std::size_t i = index + 1; i-- > 0;) {
    if (frames[i].keyframe) return i;
  }
  return std::nullopt;
}

/// Where showing ends: at the first frame that follows the last one shown, or at the end of them
/// all.
MediaTime EndOfShown(const FrameSequence& sequence, MediaTime last_shown) {
  MediaTime end = std::max(sequence.end, MediaTime{last_shown.ticks_90k + 1});
  for (const StoredFrame& frame : sequence.frames) {
    if (frame.pts > last_shown) end = std::min(end, frame.pts);
  }
  return end;
}

std::int64_t DurationOfLast(const std::vector<MovieFrame>& frames, std::int64_t fallback) {
  if (frames.size() < 2) return fallback;
  return std::max<std::int64_t>(1, frames.back().dts - frames[frames.size() - 2].dts);
}

bool ByPts(const StoredFrame& a, const StoredFrame& b) { return a.pts < b.pts; }

/// How far to move a sequence on the track. Best is where its first frame shown follows on what was
/// shown before; where hidden frames lie between, or decoding times would go back by that, it
/// begins behind all that is there.
std::int64_t ShiftOf(const FrameSequence& sequence, const MovieTimeline& so_far,
                     bool hidden_between) {
  const std::int64_t first_dts = sequence.frames.front().dts.ticks_90k;
  if (so_far.frames.empty()) return -first_dts;
  const MovieEdit& last = so_far.edits.back();
  const std::int64_t seamless = last.media_time + last.duration - sequence.show_from.ticks_90k;
  if (!hidden_between && first_dts + seamless > so_far.frames.back().dts) return seamless;
  const auto& frames = sequence.frames;
  const std::int64_t first_pts =
      std::min_element(frames.begin(), frames.end(), ByPts)->pts.ticks_90k;
  return std::max(so_far.dts_end - first_dts, so_far.pts_end - first_pts);
}

void AddEdit(std::vector<MovieEdit>& edits, MovieEdit edit) {
  if (!edits.empty() && edits.back().media_time + edits.back().duration == edit.media_time) {
    edits.back().duration += edit.duration;
  } else {
    edits.push_back(edit);
  }
}

/// The frame of an edit that is decoded first.
std::size_t FirstDecoded(const MovieTimeline& movie, const MovieEdit& edit) {
  const auto shown = [&edit](const MovieFrame& frame) {
    return edit.media_time <= frame.pts && frame.pts < edit.media_time + edit.duration;
  };
  return static_cast<std::size_t>(std::find_if(movie.frames.begin(), movie.frames.end(), shown) -
                                  movie.frames.begin());
}

/// libav dates what an edit shows from the decoding time of its first frame, not from the edit's
/// own start, by the same distance for all edits of a track. So they get the same: decoding begins
/// later where hidden frames made it long. Presentation stays as it is.
void AlignDecoding(MovieTimeline& movie) {
  if (movie.edits.size() < 2) return;
  std::int64_t distance = INT64_MAX;
  for (const MovieEdit& edit : movie.edits) {
    const MovieFrame& first = movie.frames[FirstDecoded(movie, edit)];
    distance = std::min(distance, edit.media_time - first.dts);
  }
  for (const MovieEdit& edit : movie.edits) {
    std::size_t i = FirstDecoded(movie, edit);
    movie.frames[i].dts = edit.media_time - distance;
    for (++i; i < movie.frames.size() && movie.frames[i].dts <= movie.frames[i - 1].dts; ++i)
      movie.frames[i].dts = movie.frames[i - 1].dts + 1;
  }
  movie.dts_end = std::max(movie.dts_end, movie.frames.back().dts + 1);
}

bool HasHiddenTail(const FrameSequence& sequence) {
  return std::any_of(sequence.frames.begin(), sequence.frames.end(),
                     [&](const StoredFrame& frame) { return frame.pts >= sequence.show_to; });
}
bool HasHiddenHead(const FrameSequence& sequence) {
  return sequence.frames.front().pts < sequence.show_from;
}

}  // namespace

std::optional<FrameSequence> CutToShown(FrameSequence sequence) {
  auto& frames = sequence.frames;
  const auto is_shown = [&](const StoredFrame& frame) { return IsShown(sequence, frame); };
  const auto first = static_cast<std::size_t>(std::find_if(frames.begin(), frames.end(), is_shown) -
                                              frames.begin());
  if (first == frames.size()) return std::nullopt;
  const auto keyframe = KeyframeFor(frames, first);
  if (!keyframe) {
    const auto next =
        std::find_if(frames.begin(), frames.end(), [](const StoredFrame& f) { return f.keyframe; });
    if (next == frames.end()) return std::nullopt;
    sequence.show_from = std::max(sequence.show_from, next->pts);
    frames.erase(frames.begin(), next);
    return CutToShown(std::move(sequence));
  }
  auto last = frames.size() - 1;
  while (!is_shown(frames[last])) --last;
  MediaTime earliest = frames[first].pts;
  MediaTime latest = earliest;
  for (const StoredFrame& frame : frames) {
    if (!is_shown(frame)) continue;
    earliest = std::min(earliest, frame.pts);
    latest = std::max(latest, frame.pts);
  }
  sequence.show_to = EndOfShown(sequence, latest);
  sequence.show_from = earliest;
  frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(last) + 1, frames.end());
  frames.erase(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(*keyframe));
  return sequence;
}

MovieTimeline JoinSequences(const std::vector<FrameSequence>& sequences) {
  MovieTimeline movie;
  bool hidden_tail = false;
  for (const FrameSequence& sequence : sequences) {
    const std::int64_t shift = ShiftOf(sequence, movie, hidden_tail || HasHiddenHead(sequence));
    for (const StoredFrame& frame : sequence.frames) {
      movie.frames.push_back({frame, frame.dts.ticks_90k + shift, frame.pts.ticks_90k + shift});
      movie.pts_end = std::max(movie.pts_end, movie.frames.back().pts + 1);
    }
    const std::int64_t shown = sequence.show_to.ticks_90k - sequence.show_from.ticks_90k;
    AddEdit(movie.edits, {sequence.show_from.ticks_90k + shift, shown});
    movie.dts_end = movie.frames.back().dts + DurationOfLast(movie.frames, shown);
    hidden_tail = HasHiddenTail(sequence);
  }
  AlignDecoding(movie);
  return movie;
}

}  // namespace yagura::api
