#include "api/media/stored_picture.h"

#include <algorithm>

#include "api/media/clip_times.h"
#include "storage/codec_boxes.h"
#include "storage/files_posix.h"
#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

struct ReadClip {
  std::string path;
  storage::ClipIndex index;
};

class PictureReader {
 public:
  PictureReader(const FootagePlan& plan, const ClipFolder& folder)
      : plan_(plan), sequence_(plan.sequences.front()), folder_(folder) {}

  Result<StoredPicture> Read(WallTime at) {
    for (std::size_t i = 0; i <= sequence_.lead_in_clips; ++i) RETURN_IF_ERROR(AddClip(i));
    const storage::ClipRow& clip = sequence_.clips[sequence_.lead_in_clips];
    const auto frames = FramesOfPicture(frames_, sequence_.lead_in_clips, MediaAt(clip, at));
    if (frames.empty()) return Failure(ErrorCode::kNotFound, "no picture at this instant");
    RETURN_IF_ERROR(CheckLimits(frames));
    StoredPicture picture;
    const MediaTime pts = frames.back().pts();
    picture.shown = {WallAt(clip, pts),
                     WallAt(clip, {pts.ticks_90k + frames.back().sample.duration_90k})};
    ASSIGN_OR_RETURN(const StreamFormat format, Format());
    picture.order.codec = format.codec;
    picture.order.configuration = storage::DecoderConfiguration(format);
    for (std::size_t begin = 0; begin < frames.size();) {
      const auto* const clip_end =
          std::find_if(frames.data() + begin, frames.data() + frames.size(),
                       [&](const PictureFrame& one) { return one.clip != frames[begin].clip; });
      const auto end = static_cast<std::size_t>(clip_end - frames.data());
      RETURN_IF_ERROR(ReadFrames(frames.subspan(begin, end - begin), picture.order.frames));
      begin = end;
    }
    return picture;
  }

 private:
  Result<void> AddClip(std::size_t number) {
    const storage::ClipRow& clip = sequence_.clips[number];
    ReadClip read;
    ASSIGN_OR_RETURN(read.path, folder_.PathOf(plan_.volume_paths, clip));
    ASSIGN_OR_RETURN(read.index, folder_.ReadIndex(read.path, clip));
    for (const auto& sample : read.index.samples) frames_.push_back({number, sample});
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

  [[nodiscard]] Result<StreamFormat> Format() const {
    const std::size_t number = sequence_.lead_in_clips;
    ASSIGN_OR_RETURN(const auto init, folder_.ReadInit(clips_[number].path, sequence_.clips[number],
                                                       sequence_.init_sha256));
    return storage::ReadStreamFormat(init);
  }

  /// Of one clip.
  [[nodiscard]] Result<void> ReadFrames(std::span<const PictureFrame> frames,
                                        std::vector<SharedBytes>& to) const {
    const ReadClip& clip = clips_[frames.front().clip];
    const storage::IndexedSample& last = frames.back().sample;
    RETURN_IF_ERROR(folder_.Check(clip.path, sequence_.clips[frames.front().clip].id,
                                  clip.index.fragments, frames.front().sample.offset_bytes,
                                  last.offset_bytes + last.size_bytes));
    storage::PosixFiles files;
    ASSIGN_OR_RETURN(const auto file, files.OpenToRead(clip.path));
    for (const PictureFrame& frame : frames) {
      std::vector<std::uint8_t> bytes(frame.sample.size_bytes);
      ASSIGN_OR_RETURN(const std::size_t got, file->Read(frame.sample.offset_bytes, bytes));
      if (got != bytes.size()) return Failure(ErrorCode::kDataLoss, "a clip ends within a frame");
      to.push_back(SharedBytes::CopyOf(bytes));
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

}  // namespace yagura::api
