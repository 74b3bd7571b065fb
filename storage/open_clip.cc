#include "storage/open_clip.h"

#include <array>
#include <utility>

#include "core/check.h"
#include "storage/clip_identity.h"

namespace yagura::storage {
namespace {

std::vector<ByteView> PartsOf(const Fragment& fragment) {
  std::vector<ByteView> parts;
  parts.reserve(fragment.media.size() + 1);
  parts.emplace_back(fragment.head);
  for (const SharedBytes& bytes : fragment.media) parts.push_back(bytes.bytes());
  return parts;
}

}  // namespace

OpenClip::OpenClip(std::shared_ptr<Recording> recording, ClipOpened opened,
                   std::unique_ptr<File> file)
    : recording_(std::move(recording)),
      run_(recording_->run),
      opened_(std::move(opened)),
      file_(std::move(file)),
      identity_(BuildIdentityBox(opened_)),
      durable_end_{opened_.media_start, opened_.wall_start},
      written_end_(durable_end_) {
  trailer_.fragments_offset = run_->init_segment.size() + identity_.size();
}

Result<void> OpenClip::WriteHead() {
  const std::array<ByteView, 2> parts{run_->init_segment, identity_};
  RETURN_IF_ERROR(WriteParts(parts));
  const std::scoped_lock lock(mutex_);
  written_bytes_ = trailer_.fragments_offset;
  return {};
}

Result<void> OpenClip::Append(HeldFragment held) {
  RETURN_IF_ERROR(WriteParts(PartsOf(*held.fragment)));
  const std::scoped_lock lock(mutex_);
  Note(*held.fragment);
  held_.push_back(std::move(held));
  return {};
}

/// Takes `fragment`, just written, into the account. The mutex is held.
void OpenClip::Note(const Fragment& fragment) {
  const Sample& first = fragment.samples.front();
  if (first.keyframe) {
    const MediaTime pts{fragment.first_dts.ticks_90k + first.composition_90k};
    keyframes_.push_back({written_bytes_, pts});
  }
  if (trailer_.fragments.empty()) trailer_.first_dts = fragment.first_dts;
  trailer_.Add(fragment);
  written_bytes_ += fragment.size_bytes;
  if (fragment.end > written_end_.media) written_end_ = {fragment.end, fragment.wall_end};
}

/// Writes at the end of the file; the caller takes it into the account in the same step as what was
/// written.
Result<void> OpenClip::WriteParts(std::span<const ByteView> parts) {
  std::uint64_t offset = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (condemned_) return Failure(ErrorCode::kUnavailable, "the clip's file failed before");
    offset = written_bytes_;
  }
  auto written = file_->Write(offset, parts);
  if (written.has_value()) return {};
  if (written.error().code() == ErrorCode::kResourceExhausted &&
      file_->Truncate(offset).has_value()) {
    return written;
  }
  Condemn();
  return Failure(ErrorCode::kUnavailable, written.error().message());
}

Result<void> OpenClip::Close(const ClipEnding& ending) {
  CHECK(!ending_);
  trailer_.ended_by = ending.ended_by;
  trailer_.media_end = ending.media_end;
  trailer_.wall_end = ending.wall_end;
  std::vector<std::uint8_t> box = BuildTrailer(trailer_);
  const std::array<ByteView, 1> parts{box};
  auto written = WriteParts(parts);
  const std::scoped_lock lock(mutex_);
  ending_ = ending;
  if (written.has_value()) {
    written_bytes_ += box.size();
    trailer_box_ = std::move(box);
    return {};
  }
  // A full disk only costs the trailer: readers scan the fragments.
  if (written.error().code() == ErrorCode::kResourceExhausted) return {};
  return written;
}

std::optional<OpenClip::Mark> OpenClip::BeginSync() {
  Mark mark;
  {
    const std::scoped_lock lock(mutex_);
    if (condemned_) return std::nullopt;
    if (written_bytes_ == durable_bytes_ && !ending_) return std::nullopt;
    mark = {.bytes = written_bytes_, .fragments = held_.size(), .closing = ending_.has_value()};
  }
  file_->StartSync();  // waits where the disk has too much to do: not with the mutex
  return mark;
}

Result<void> OpenClip::SyncFile(const Mark& mark) {
  bool is_new = false;
  {
    const std::scoped_lock lock(mutex_);
    is_new = durable_bytes_ == 0;
  }
  auto synced = is_new || mark.closing ? file_->Sync() : file_->SyncData();
  if (!synced.has_value()) Condemn();
  return synced;
}

std::optional<OpenClip::Unhashed> OpenClip::Advance(const Mark& mark) {
  const std::scoped_lock lock(mutex_);
  if (taken_) return std::nullopt;
  Unhashed unhashed{.job = {.hash = &hash_, .parts = {}}, .fragments = {}};
  std::vector<ByteView>& parts = unhashed.job.parts;
  if (durable_bytes_ == 0) parts = {run_->init_segment, identity_};
  for (std::size_t i = 0; i < mark.fragments; ++i) {
    const Fragment& fragment = *held_.front().fragment;
    for (const ByteView part : PartsOf(fragment)) parts.push_back(part);
    if (fragment.end > durable_end_.media) durable_end_ = {fragment.end, fragment.wall_end};
    unhashed.fragments.push_back(std::move(held_.front()));
    held_.pop_front();
  }
  durable_fragments_ += mark.fragments;
  durable_bytes_ = mark.bytes;
  if (mark.closing) parts.emplace_back(trailer_box_);
  hashing_ = true;
  return unhashed;
}

void OpenClip::NoteHashed() {
  hashing_ = false;
  hashing_.notify_all();
}

void OpenClip::DropFromCache() {
  std::uint64_t size_bytes = 0;
  {
    const std::scoped_lock lock(mutex_);
    size_bytes = durable_bytes_;
  }
  file_->DropFromCache(size_bytes);
}

void OpenClip::Condemn() {
  const std::scoped_lock lock(mutex_);
  condemned_ = true;
}

bool OpenClip::condemned() const {
  const std::scoped_lock lock(mutex_);
  return condemned_;
}

std::optional<std::vector<HeldFragment>> OpenClip::TakeHeld() {
  const std::scoped_lock lock(mutex_);
  CHECK(condemned_);
  if (std::exchange(taken_, true)) return std::nullopt;
  std::vector<HeldFragment> held(held_.begin(), held_.end());
  held_.clear();
  return held;
}

ClipClosed OpenClip::Record() {
  hashing_.wait(true);
  const std::scoped_lock lock(mutex_);
  ClipClosed record{.opened = opened_,
                    .media_end = durable_end_.media,
                    .wall_end = durable_end_.wall,
                    .bytes = durable_bytes_,
                    .sha256 = hash_.Finish(),
                    .header_bytes = static_cast<std::uint32_t>(run_->init_segment.size()),
                    .fragments_offset = static_cast<std::uint32_t>(trailer_.fragments_offset),
                    .samples = 0,
                    .ended_by = ClipEnd::kCondemned,
                    .trailer_offset = std::nullopt,
                    .keyframes = {}};
  for (std::size_t i = 0; i < durable_fragments_; ++i)
    record.samples += trailer_.fragments[i].samples;
  for (const ClipKeyframe& keyframe : keyframes_) {
    if (keyframe.offset_bytes < durable_bytes_) record.keyframes.push_back(keyframe);
  }
  if (!taken_ && ending_) {
    record.media_end = ending_->media_end;
    record.wall_end = ending_->wall_end;
    record.ended_by = ending_->ended_by;
    if (!trailer_box_.empty()) record.trailer_offset = durable_bytes_ - trailer_box_.size();
  }
  return record;
}

bool OpenClip::has_durable_fragments() const {
  const std::scoped_lock lock(mutex_);
  return durable_fragments_ > 0;
}

bool OpenClip::has_trailer() const {
  const std::scoped_lock lock(mutex_);
  return !trailer_box_.empty();
}

std::optional<ClipEnding> OpenClip::ending() const {
  const std::scoped_lock lock(mutex_);
  return ending_;
}

ClipEnding OpenClip::EndOfDurable() const {
  const std::scoped_lock lock(mutex_);
  return {.ended_by = ClipEnd::kCondemned,
          .media_end = durable_end_.media,
          .wall_end = durable_end_.wall,
          .ends_run = false};
}

ClipEnding OpenClip::EndOfWritten() const {
  const std::scoped_lock lock(mutex_);
  return {.ended_by = ClipEnd::kRunEnd,
          .media_end = written_end_.media,
          .wall_end = written_end_.wall,
          .ends_run = true};
}

std::uint64_t OpenClip::written_bytes() const {
  const std::scoped_lock lock(mutex_);
  return written_bytes_;
}

}  // namespace yagura::storage
