#include "api/media/stored_picture.h"

#include <algorithm>

#include "api/media/clip_times.h"
#include "storage/codec_boxes.h"
#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

struct ReadClip {
  const storage::ClipRow* row;
  ClipPlace place;
  storage::ClipIndex index;
};

class PictureReader {
 public:
  PictureReader(const FootagePlan& plan, const ClipFolder& folder)
      : plan_(plan), sequence_(plan.sequences.front()), folder_(folder) {}

  Result<StoredPicture> Read(WallTime at) {
    for (std::size_t i = 0; i <= sequence_.lead_in_clips; ++i)
      RETURN_IF_ERROR(AddClip(sequence_.clips[i]));
    const storage::ClipRow& clip = sequence_.clips[sequence_.lead_in_clips];
    const auto frames = FramesOfPicture(frames_, sequence_.lead_in_clips, MediaAt(clip, at));
    if (frames.empty()) return Failure(ErrorCode::kNotFound, "no picture at this instant");
    RETURN_IF_ERROR(CheckLimits(frames));
    StoredPicture picture;
    const MediaTime pts = frames.back().pts();
    picture.shown = {WallAt(clip, pts),
                     WallAt(clip, {pts.ticks_90k + frames.back().sample.duration_90k})};
    ASSIGN_OR_RETURN(picture.order, OrderOf(clips_.back(), frames));
    return picture;
  }

  Result<pictures::PictureOrder> Read(const StoredKeyframe& keyframe) {
    RETURN_IF_ERROR(AddClip(*keyframe.clip));
    const auto frame = std::find_if(frames_.begin(), frames_.end(), [&](const PictureFrame& one) {
      return one.sample.keyframe && one.pts() == keyframe.media;
    });
    if (frame == frames_.end())
      return Failure(ErrorCode::kDataLoss, "a clip lacks a keyframe that its row names");
    const std::span<const PictureFrame> only(&*frame, 1);
    RETURN_IF_ERROR(CheckLimits(only));
    return OrderOf(clips_.back(), only);
  }

 private:
  Result<void> AddClip(const storage::ClipRow& clip) {
    ReadClip read{&clip, {}, {}};
    ASSIGN_OR_RETURN(read.place, folder_.PlaceOf(plan_.volume_paths, clip));
    ASSIGN_OR_RETURN(read.index, folder_.ReadIndex(read.place, clip));
    for (const auto& sample : read.index.samples) frames_.push_back({clips_.size(), sample});
    clips_.push_back(std::move(read));
    return {};
  }

  [[nodiscard]] static Result<void> CheckLimits(std::span<const PictureFrame> frames) {
    std::uint64_t bytes = 0;
    for (const PictureFrame& frame : frames) bytes += frame.sample.size_bytes;
    if (frames.size() <= pictures::kOrderFramesMax && bytes < pictures::kOrderBytesMax / 2)
      return {};
    return Failure(Error(ErrorCode::kUnimplemented, "too far from its keyframe")
                       .WithPublicMessage("the picture is too far from its keyframe"));
  }

  /// `frames` as the format of `clip`, by the sequence's one header, lets them be decoded.
  [[nodiscard]] Result<pictures::PictureOrder> OrderOf(const ReadClip& clip,
                                                       std::span<const PictureFrame> frames) const {
    ASSIGN_OR_RETURN(const auto init,
                     folder_.ReadInit(clip.place, *clip.row, sequence_.init_sha256));
    ASSIGN_OR_RETURN(const StreamFormat format, storage::ReadStreamFormat(init));
    pictures::PictureOrder order{format.codec, storage::DecoderConfiguration(format), {}};
    for (std::size_t begin = 0; begin < frames.size();) {
      const auto* const clip_end =
          std::find_if(frames.data() + begin, frames.data() + frames.size(),
                       [&](const PictureFrame& one) { return one.clip != frames[begin].clip; });
      const auto end = static_cast<std::size_t>(clip_end - frames.data());
      RETURN_IF_ERROR(ReadFrames(frames.subspan(begin, end - begin), order.frames));
      begin = end;
    }
    return order;
  }

  /// Of one clip.
  [[nodiscard]] Result<void> ReadFrames(std::span<const PictureFrame> frames,
                                        std::vector<SharedBytes>& to) const {
    const ReadClip& clip = clips_[frames.front().clip];
    const storage::IndexedSample& last = frames.back().sample;
    ASSIGN_OR_RETURN(const auto read, folder_.Read(clip.place, *clip.row, clip.index.fragments,
                                                   frames.front().sample.offset_bytes,
                                                   last.offset_bytes + last.size_bytes));
    for (const PictureFrame& frame : frames) {
      const auto begin = static_cast<std::size_t>(frame.sample.offset_bytes - read.offset_bytes);
      if (begin + frame.sample.size_bytes > read.bytes.size())
        return Failure(ErrorCode::kDataLoss, "a clip ends within a frame");
      to.push_back(
          SharedBytes::CopyOf(std::span(read.bytes).subspan(begin, frame.sample.size_bytes)));
    }
    return {};
  }

  const FootagePlan& plan_;
  const ClipSequence& sequence_;
  const ClipFolder& folder_;
  std::vector<ReadClip> clips_;
  std::vector<PictureFrame> frames_;
};

}  // namespace

std::span<const PictureFrame> FramesOfPicture(std::span<const PictureFrame> frames,
                                              std::size_t clip, MediaTime media) {
  std::optional<std::size_t> wanted;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const bool begun = frames[i].clip == clip && frames[i].pts() <= media;
    if (begun && (!wanted || frames[*wanted].pts() < frames[i].pts())) wanted = i;
  }
  if (!wanted) return {};
  for (std::size_t first = *wanted + 1; first-- > 0;) {
    const bool before = frames[first].clip != clip || frames[first].pts() <= frames[*wanted].pts();
    if (frames[first].sample.keyframe && before) return frames.subspan(first, *wanted + 1 - first);
  }
  return {};
}

Result<StoredPicture> ReadStoredPicture(const FootagePlan& plan, WallTime at,
                                        const ClipFolder& folder) {
  return PictureReader(plan, folder).Read(at);
}

std::optional<StoredKeyframe> KeyframeFor(const FootagePlan& plan, WallTime at) {
  const ClipSequence& sequence = plan.sequences.front();
  for (std::size_t i = sequence.lead_in_clips + 1; i-- > 0;) {
    const storage::ClipRow& clip = sequence.clips[i];
    const MediaTime until = MediaAt(clip, at);
    const MediaTime media = KeyframeBefore(clip, until);
    const bool is_keyframe =
        std::any_of(clip.keyframes.begin(), clip.keyframes.end(),
                    [&](const auto& keyframe) { return keyframe.media_time == media; });
    if (!is_keyframe || media > until) continue;
    const MediaTime next = KeyframeAfter(clip, {media.ticks_90k + 1});
    return StoredKeyframe{&clip, media, {WallAt(clip, media), WallAt(clip, next)}};
  }
  return std::nullopt;
}

Result<pictures::PictureOrder> ReadKeyframe(const FootagePlan& plan, const StoredKeyframe& keyframe,
                                            const ClipFolder& folder) {
  return PictureReader(plan, folder).Read(keyframe);
}

}  // namespace yagura::api
