#include "api/media/movie.h"

#include <algorithm>
#include <limits>

#include "api/media/clip_times.h"
#include "storage/hex.h"
#include "storage/sha256.h"

namespace yagura::api {
namespace {

using storage::ClipRow;

constexpr std::string_view kLayoutVersion = "video.mp4 1";
constexpr std::size_t kEtagBytes = 16;
/// What is lacking of a file that is cut short may have frames shown this long before its end:
/// those that are decoded late.
constexpr std::chrono::seconds kReorderingMax{1};

/// The clips of one sequence on one axis of media time, that of the last run: a run rolled between
/// two keyframes starts an axis of its own where the one before ends.
class SequenceAxis {
 public:
  explicit SequenceAxis(const ClipSequence& sequence)
      : sequence_(sequence), shifts_(sequence.clips.size(), 0) {
    for (std::size_t i = sequence.clips.size() - 1; i-- > 0;) {
      const ClipRow& next = sequence.clips[i + 1];
      const bool same_run = next.id.run == sequence.clips[i].id.run;
      shifts_[i] =
          shifts_[i + 1] +
          (same_run ? 0 : next.media_start.ticks_90k - sequence.clips[i].media_end.ticks_90k);
    }
  }
  [[nodiscard]] MediaTime Shift(std::size_t clip, MediaTime time) const {
    return {time.ticks_90k + shifts_[clip]};
  }
  [[nodiscard]] MediaTime MediaOf(WallTime wall) const {
    const std::size_t clip =
        ClipFor([&](std::size_t i) { return sequence_.clips[i].start <= wall; });
    return Shift(clip, MediaAt(sequence_.clips[clip], wall));
  }
  [[nodiscard]] WallTime WallOf(MediaTime media) const {
    const std::size_t clip =
        ClipFor([&](std::size_t i) { return Shift(i, sequence_.clips[i].media_start) <= media; });
    return WallAt(sequence_.clips[clip], {media.ticks_90k - shifts_[clip]});
  }

 private:
  /// The last clip that has begun; the first where none has.
  template <class HasBegun>
  std::size_t ClipFor(HasBegun has_begun) const {
    for (std::size_t i = sequence_.clips.size(); i-- > 1;) {
      if (has_begun(i)) return i;
    }
    return 0;
  }
  const ClipSequence& sequence_;
  std::vector<std::int64_t> shifts_;
};

/// The wall range as a window on the axis. A range that starts before the clips, or ends behind
/// them, takes all there is; but what is shown behind the end of the last clip is no part of it:
/// frames before it may be missing, or somebody else's.
void SetWindow(FrameSequence& frames, const ClipSequence& sequence, const SequenceAxis& axis,
               WallRange range) {
  const ClipRow& first = sequence.clips[sequence.lead_in_clips];
  frames.end = axis.Shift(sequence.clips.size() - 1, sequence.clips.back().media_end);
  frames.show_from = range.from <= first.start
                         ? axis.Shift(sequence.lead_in_clips, first.media_start)
                         : axis.MediaOf(range.from);
  frames.show_to = range.to >= sequence.clips.back().end ? frames.end : axis.MediaOf(range.to);
}

class MovieBuilder {
 public:
  MovieBuilder(const FootagePlan& plan, const ClipFolder& folder) : plan_(plan), folder_(folder) {}

  Result<Movie> Build() {
    for (const ClipSequence& sequence : plan_.sequences) RETURN_IF_ERROR(Add(sequence));
    if (sequences_.empty()) return Failure(ErrorCode::kNotFound, "no frame in this range");
    ASSIGN_OR_RETURN(const ClipPlace place,
                     folder_.PlaceOf(plan_.volume_paths, movie_.clips.front()));
    ASSIGN_OR_RETURN(
        const auto init_segment,
        folder_.ReadInit(place, movie_.clips.front(), plan_.sequences.front().init_sha256));
    const MovieTimeline timeline = JoinSequences(sequences_);
    ASSIGN_OR_RETURN(MovieFile file, LayOutMovie(timeline, init_segment));
    movie_.head = std::move(file.head);
    movie_.size_bytes = file.size_bytes;
    for (const MoviePiece& piece : file.pieces)
      movie_.pieces.push_back({piece, ByteTimeline(marks_[piece.file])});
    movie_.etag = Etag();
    return std::move(movie_);
  }

 private:
  Result<void> Add(const ClipSequence& sequence) {
    const SequenceAxis axis(sequence);
    FrameSequence frames;
    for (std::size_t i = 0; i < sequence.clips.size(); ++i)
      RETURN_IF_ERROR(AddFrames(sequence.clips[i], i, axis, frames.frames));
    SetWindow(frames, sequence, axis, plan_.range);
    auto cut = CutToShown(std::move(frames));
    if (!cut) return {};
    movie_.shown.push_back({axis.WallOf(cut->show_from), axis.WallOf(cut->show_to)});
    sequences_.push_back(*std::move(cut));
    return {};
  }

  Result<void> AddFrames(const ClipRow& clip, std::size_t index_in_sequence,
                         const SequenceAxis& axis, std::vector<StoredFrame>& frames) {
    ASSIGN_OR_RETURN(const ClipPlace place, folder_.PlaceOf(plan_.volume_paths, clip));
    ASSIGN_OR_RETURN(auto index, folder_.ReadIndex(place, clip));
    RETURN_IF_ERROR(RequireReadable(clip, index));
    for (const auto& sample : index.samples) {
      const MediaTime pts{sample.dts.ticks_90k + sample.composition_90k};
      frames.push_back({static_cast<std::uint32_t>(movie_.clips.size()), sample.offset_bytes,
                        sample.size_bytes, axis.Shift(index_in_sequence, sample.dts),
                        axis.Shift(index_in_sequence, pts), sample.keyframe});
    }
    marks_.push_back(MarksOf(clip, index));
    movie_.clips.push_back(clip);
    movie_.fragments.push_back(std::move(index.fragments));
    return {};
  }

  /// A file that is cut short serves what lies before the cut; showing less than was asked for, as
  /// if that were all, would be a lie.
  [[nodiscard]] Result<void> RequireReadable(const ClipRow& clip,
                                             const storage::ClipIndex& index) const {
    if (index.samples.size() >= clip.samples) return {};
    if (plan_.range.to <= WallAt(clip, index.MediaEnd()) - kReorderingMax) return {};
    return Failure(ErrorCode::kDataLoss, "clip " + ToString(clip.id) + ": its file holds " +
                                             std::to_string(index.samples.size()) + " of " +
                                             std::to_string(clip.samples) + " frames");
  }

  /// Where each fragment begins, and when the first of its frames is shown.
  [[nodiscard]] static std::vector<ByteTimeline::Mark> MarksOf(const ClipRow& clip,
                                                               const storage::ClipIndex& index) {
    std::vector<ByteTimeline::Mark> marks;
    std::size_t sample = 0;
    for (const storage::IndexedFragment& fragment : index.fragments) {
      std::int64_t first_90k = std::numeric_limits<std::int64_t>::max();
      const std::size_t end = std::min(sample + fragment.samples, index.samples.size());
      for (; sample < end; ++sample) {
        const auto& one = index.samples[sample];
        first_90k = std::min(first_90k, one.dts.ticks_90k + one.composition_90k);
      }
      marks.push_back({fragment.offset_bytes, WallAt(clip, MediaTime{first_90k})});
    }
    marks.push_back({index.fragments_end, clip.end});
    return marks;
  }

  /// Everything that the bytes depend on: the head, and the contents of the clips.
  [[nodiscard]] std::string Etag() const {
    storage::Sha256 hash;
    hash.Update(
        {reinterpret_cast<const std::uint8_t*>(kLayoutVersion.data()), kLayoutVersion.size()});
    hash.Update(movie_.head);
    for (const auto& piece : movie_.pieces) hash.Update(movie_.clips[piece.bytes.file].sha256);
    const auto digest = hash.Finish();
    return "\"" + storage::ToHex(storage::ByteView(digest).first(kEtagBytes)) + "\"";
  }

  const FootagePlan& plan_;
  const ClipFolder& folder_;
  Movie movie_;
  std::vector<FrameSequence> sequences_;
  std::vector<std::vector<ByteTimeline::Mark>> marks_;  // of movie_.clips
};

}  // namespace

Result<Movie> BuildMovie(const FootagePlan& plan, const ClipFolder& folder) {
  return MovieBuilder(plan, folder).Build();
}

std::vector<WallRange> GapsBetween(const std::vector<WallRange>& shown, WallRange range,
                                   microseconds least) {
  std::vector<WallRange> gaps;
  WallTime reached = range.from;
  const auto add = [&](WallTime until) {
    if (until - reached > least) gaps.push_back({reached, until});
  };
  for (const WallRange& stretch : shown) {
    add(stretch.from);
    reached = std::max(reached, stretch.to);
  }
  add(range.to);
  return gaps;
}

}  // namespace yagura::api
