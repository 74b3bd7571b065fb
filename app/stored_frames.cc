#include "app/stored_frames.h"

#include "core/frame_stamp.h"
#include "storage/clip_reader.h"

namespace yagura::app {
namespace {

Result<StoredFrame> ReadFrame(const storage::File& file, const storage::IndexedSample& sample,
                              WallTime dated, const std::string& place) {
  std::vector<std::uint8_t> bytes(sample.size_bytes);
  ASSIGN_OR_RETURN(const std::size_t got, file.Read(sample.offset_bytes, bytes));
  if (got != bytes.size())
    return Failure(ErrorCode::kDataLoss, place + ": the file ends within a frame");
  ASSIGN_OR_RETURN(const StampedUnit unit, ReadStampedUnit(bytes));
  if (!unit.stamp) return Failure(ErrorCode::kDataLoss, place + ": a frame without a stamp");
  return StoredFrame{.epoch = unit.stamp->epoch,
                     .number = unit.stamp->number,
                     .crc = unit.crc,
                     .intact = unit.intact(),
                     .dated = dated,
                     .place = place};
}

}  // namespace

Result<std::vector<StoredFrame>> ReadStoredFrames(storage::Files& files, const FoundClip& clip,
                                                  std::uint64_t bytes) {
  ASSIGN_OR_RETURN(const auto file, files.OpenToRead(clip.path));
  ASSIGN_OR_RETURN(const storage::ClipIndex index, storage::ReadClipIndex(*file, bytes));
  std::vector<StoredFrame> frames;
  frames.reserve(index.samples.size());
  for (std::size_t i = 0; i < index.samples.size(); ++i) {
    const std::string place = ToString(clip.identity.clip) + " frame " + std::to_string(i);
    const storage::IndexedSample& sample = index.samples[i];
    ASSIGN_OR_RETURN(StoredFrame frame, ReadFrame(*file, sample, index.CapturedAt(sample), place));
    frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace yagura::app
