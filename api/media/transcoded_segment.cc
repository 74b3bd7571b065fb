#include "api/media/transcoded_segment.h"

#include <algorithm>

#include "core/crc32c.h"
#include "storage/fragment.h"
#include "storage/mp4_boxes.h"

namespace yagura::api {
namespace {

using pictures::Transcode;
using pictures::TranscodedFrame;

/// What is read at once; a GOP of a minute at 4 Mbit/s has 30 MB.
constexpr std::uint64_t kReadBytesMax = std::uint64_t{64} << 20;

Result<std::vector<storage::IndexedSample>> SamplesIn(const storage::ClipIndex& index,
                                                      const ByteRange& range) {
  std::vector<storage::IndexedSample> samples;
  for (const auto& sample : index.samples) {
    const std::uint64_t end = sample.offset_bytes + sample.size_bytes;
    if (sample.offset_bytes >= range.first && end <= range.last + 1) samples.push_back(sample);
  }
  if (samples.empty() || !samples.front().keyframe)
    return Failure(Error(ErrorCode::kOutOfRange, "no stretch that begins with a keyframe")
                       .WithPublicMessage("\"first\" and \"last\" are of a segment of a playlist"));
  if (samples.back().offset_bytes - samples.front().offset_bytes > kReadBytesMax)
    return Failure(Error(ErrorCode::kUnimplemented, "too much to be transcoded at once")
                       .WithPublicMessage("its keyframes are too far apart to be transcoded"));
  return samples;
}

/// Where a frame ends on the axis of its clip.
std::int64_t EndOf(const storage::IndexedSample& sample) {
  return sample.dts.ticks_90k + sample.composition_90k + sample.duration_90k;
}

Result<std::vector<TranscodedFrame>> TranscodeAll(
    Transcode& transcode, const std::vector<storage::IndexedSample>& samples,
    const ClipFolder::ReadFragments& read) {
  std::vector<TranscodedFrame> all;
  const auto append = [&](std::vector<TranscodedFrame> frames) {
    std::move(frames.begin(), frames.end(), std::back_inserter(all));
  };
  for (const auto& sample : samples) {
    const auto begin = static_cast<std::size_t>(sample.offset_bytes - read.offset_bytes);
    if (begin + sample.size_bytes > read.bytes.size())
      return Failure(ErrorCode::kDataLoss, "a clip ends within a frame");
    const auto data = SharedBytes::CopyOf(std::span(read.bytes).subspan(begin, sample.size_bytes));
    ASSIGN_OR_RETURN(auto frames,
                     transcode.Add({sample.dts.ticks_90k + sample.composition_90k}, data));
    append(std::move(frames));
  }
  ASSIGN_OR_RETURN(auto last, transcode.End());
  append(std::move(last));
  return all;
}

/// As one fragment; each frame is shown until the next one begins, the last until `end_90k`.
std::string FragmentOf(const std::vector<TranscodedFrame>& frames, std::int64_t end_90k) {
  storage::Fragment fragment;
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const TranscodedFrame& frame = frames[i];
    const std::int64_t next = i + 1 < frames.size() ? frames[i + 1].pts.ticks_90k
                                                    : std::max(end_90k, frame.pts.ticks_90k);
    fragment.samples.push_back(
        {.size_bytes = static_cast<std::uint32_t>(frame.data.size()),
         .duration_90k = static_cast<std::uint32_t>(next - frame.pts.ticks_90k),
         .composition_90k = 0,
         .keyframe = frame.keyframe});
    fragment.media.push_back(frame.data);
    crc = Crc32c(frame.data.bytes(), crc);
  }
  fragment.first_dts = frames.front().pts;
  storage::FinishFragment(fragment, 1, crc);
  std::string bytes(fragment.head.begin(), fragment.head.end());
  for (const SharedBytes& one : fragment.media)
    bytes.append(one.bytes().begin(), one.bytes().end());
  return bytes;
}

}  // namespace

Result<std::string> TranscodedSegment(const ServedClip& clip, const ByteRange& range,
                                      const ClipFolder& folder, Transcoders::Player& player) {
  ASSIGN_OR_RETURN(const auto init, folder.ReadInit(clip.place, clip.row, clip.init_sha256));
  ASSIGN_OR_RETURN(const StreamFormat format, storage::ReadStreamFormat(init));
  ASSIGN_OR_RETURN(const auto index, folder.ReadIndex(clip.place, clip.row));
  ASSIGN_OR_RETURN(const auto samples, SamplesIn(index, range));
  const auto& last = samples.back();
  ASSIGN_OR_RETURN(const auto read,
                   folder.Read(clip.place, clip.row, index.fragments, samples.front().offset_bytes,
                               last.offset_bytes + last.size_bytes));
  ASSIGN_OR_RETURN(const auto frames,
                   player.Use([&](Transcode& transcode) -> Result<std::vector<TranscodedFrame>> {
                     RETURN_IF_ERROR(transcode.Begin(SourceOf(format)));
                     return TranscodeAll(transcode, samples, read);
                   }));
  if (frames.empty()) return Failure(ErrorCode::kDataLoss, "these frames can't be decoded");
  std::int64_t end_90k = 0;
  for (const auto& sample : samples) end_90k = std::max(end_90k, EndOf(sample));
  return FragmentOf(frames, end_90k);
}

Result<std::vector<std::uint8_t>> TranscodedInit(const std::vector<std::uint8_t>& stored,
                                                 Transcoders::Player& player) {
  ASSIGN_OR_RETURN(const StreamFormat format, storage::ReadStreamFormat(stored));
  ASSIGN_OR_RETURN(const StreamFormat begun, player.Use([&](Transcode& transcode) {
    return transcode.Begin(SourceOf(format));
  }));
  return storage::BuildInitSegment(begun);
}

}  // namespace yagura::api
