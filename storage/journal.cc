#include "storage/journal.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/log.h"
#include "storage/journal_frame.h"
#include "storage/journal_segment.h"

namespace yagura::storage {
Result<std::unique_ptr<Journal>> Journal::Open(Files& files, Options options) {
  std::unique_ptr<Journal> journal(new Journal(files, std::move(options)));
  RETURN_IF_ERROR(files.MakeFolder(journal->options_.folder));
  RETURN_IF_ERROR(files.SyncFolder(FolderOf(journal->options_.folder)));
  RETURN_IF_ERROR(journal->Replay());
  const std::scoped_lock lock(journal->sync_mutex_, journal->mutex_);
  RETURN_IF_ERROR(journal->Roll());
  return journal;
}

Result<void> Journal::Replay() {
  ASSIGN_OR_RETURN(const auto entries, files_.List(options_.folder));
  for (const FolderEntry& entry : entries) {
    if (const auto number = ParseSegmentName(entry.name)) segments_.push_back(*number);
  }
  std::sort(segments_.begin(), segments_.end());
  if (!segments_.empty()) next_segment_ = segments_.back() + 1;
  committed_ = ReadCheckpoint(files_, options_.folder);

  // The newest segment whose snapshot is whole, and what came after it.
  std::size_t first = segments_.size();
  std::optional<std::vector<JournalRecord>> records;
  while (!records && first > 0) records = ReadSegment(files_, PathOf(segments_[--first]));
  if (!records) {
    // A first start that crashed before its first segment was durable left nothing that counts.
    if (segments_.empty() || segments_.front() == 1) return {};
    return Failure(ErrorCode::kDataLoss, "no segment of the journal in \"" + options_.folder +
                                             "\" can be read; move it away to start a new one");
  }
  for (std::size_t i = first; i < segments_.size(); ++i) {
    if (i > first) records = ReadSegment(files_, PathOf(segments_[i]));
    if (!records) continue;  // begun and never made durable: nothing in it counted
    for (const JournalRecord& record : *records) state_.Apply(record);
    // What we build on from here must not vanish.
    ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files_.OpenToWrite(PathOf(segments_[i])));
    RETURN_IF_ERROR(file->Sync());
  }
  return {};
}

void Journal::Append(std::span<const JournalRecord> records) {
  if (records.empty()) return;
  std::vector<std::uint8_t> frame = BuildFrame(records);
  const std::scoped_lock lock(mutex_);
  for (const JournalRecord& record : records) state_.Apply(record);
  if (!failed_) {
    const std::array<ByteView, 1> parts{frame};
    if (auto written = file_->Write(end_offset_, parts); !written.has_value()) {
      log::Error("alarm: a journal segment failed", {{"why", written.error()}});
      ++failures_;
      failed_ = true;
    }
  }
  if (!failed_) end_offset_ += frame.size();
  unsynced_.push_back(std::move(frame));
  if (unsynced_.size() > options_.unsynced_frames_max) {
    log::Error("journal records lost: the journal can't be written; the files keep what they say",
               {});
    unsynced_.pop_front();
    ++frames_gone_;
  }
}

Result<void> Journal::Sync() {
  const std::scoped_lock one_at_a_time(sync_mutex_);
  std::unique_lock lock(mutex_);
  if (unsynced_.empty()) return {};
  if (!failed_) {
    const std::shared_ptr<File> file = file_;
    const JournalPosition mark{segments_.back(), end_offset_};
    const std::uint64_t frames = frames_gone_ + unsynced_.size();
    lock.unlock();
    auto synced = file->SyncData();
    lock.lock();
    if (synced.has_value()) {
      synced_ = mark;
      // Append may have dropped some of them meanwhile.
      for (; frames_gone_ < frames; ++frames_gone_) unsynced_.pop_front();
      if (mark.offset_bytes <= options_.segment_bytes_max) return {};
      if (auto rolled = Roll(); !rolled.has_value()) {
        log::Warning("journal goes on in a long segment", {{"why", rolled.error()}});
      }
      return {};
    }
    log::Error("alarm: a journal segment failed", {{"why", synced.error()}});
    ++failures_;
    failed_ = true;
  }
  return Roll();
}

/// Starts a segment with a snapshot and all that is not durable yet. Both mutexes are held. Where
/// it fails the old one stays: if it is healthy it goes on to be written.
Result<void> Journal::Roll() {
  const std::uint64_t number =
      next_segment_++;  // used up even where it fails: readers pass over it
  const std::vector<std::uint8_t> header = BuildSegmentHeader(number);
  const std::vector<std::uint8_t> snapshot = BuildFrame(state_.Snapshot());
  std::vector<ByteView> parts{header, snapshot};
  parts.insert(parts.end(), unsynced_.begin(), unsynced_.end());

  auto created = CreateSegment(files_, options_.folder, PathOf(number), parts);
  if (!created.has_value()) {
    ++failures_;
    // While the old one goes on, a restart must not take this snapshot for the newest.
    (void)files_.Unlink(PathOf(number));
    (void)files_.SyncFolder(options_.folder);
    return Failure(std::move(created).error());
  }
  file_ = *std::move(created);
  if (synced_.segment != 0) closed_[synced_.segment] = synced_.offset_bytes;
  segments_.push_back(number);
  end_offset_ = 0;
  for (const ByteView part : parts) end_offset_ += part.size();
  synced_ = {number, end_offset_};
  frames_gone_ += unsynced_.size();
  unsynced_.clear();
  failed_ = false;
  return {};
}

JournalState Journal::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

/// How far the segment was durable; nothing where it is an earlier process's: then it ends where
/// no frame can be read any more.
std::optional<std::uint64_t> Journal::DurableEnd(std::uint64_t segment) const {
  const std::scoped_lock lock(mutex_);
  if (segment == synced_.segment) return synced_.offset_bytes;
  const auto closed = closed_.find(segment);
  if (closed == closed_.end()) return std::nullopt;
  return closed->second;
}

Result<Journal::Batch> Journal::ReadFrom(JournalPosition position, std::size_t records_max) {
  std::deque<std::uint64_t> segments;
  {
    const std::scoped_lock lock(mutex_);
    segments = segments_;
  }
  Batch batch{.records = {}, .next = position};
  for (const std::uint64_t number : segments) {
    if (number < batch.next.segment) continue;
    if (batch.records.size() >= records_max) break;
    JournalPosition next = batch.next;
    if (number > next.segment) next = {number, kSegmentHeaderBytes};
    const auto end = DurableEnd(number);
    const auto read =
        ReadFrames(files_, PathOf(number), {next.offset_bytes, end.value_or(UINT64_MAX)},
                   records_max, batch.records);
    if (!read.has_value() && read.error().code() != ErrorCode::kDataLoss) {
      return Failure(read.error());
    }
    batch.next = {number, read.value_or(next.offset_bytes)};
    if (batch.records.size() >= records_max) break;
    if (IsDamaged(batch.next, end)) {
      if (!batch.records.empty() || batch.next != position) break;
      return Failure(ErrorCode::kDataLoss, "\"" + PathOf(number) + "\" can't be read at " +
                                               std::to_string(batch.next.offset_bytes));
    }
  }
  return batch;
}

/// Whether reading ended at `position` before it should have.
bool Journal::IsDamaged(JournalPosition position, std::optional<std::uint64_t> end) {
  if (end) return position.offset_bytes < *end;
  // A torn end is normal, even within the header; a frame behind it isn't.
  const SegmentRange behind{position.offset_bytes, UINT64_MAX};
  return FindFrame(files_, PathOf(position.segment), behind).has_value();
}

JournalPosition Journal::BehindDamage(JournalPosition position) {
  if (const auto end = DurableEnd(position.segment)) {
    const SegmentRange behind{position.offset_bytes + 1, *end};
    const auto found = FindFrame(files_, PathOf(position.segment), behind);
    return {position.segment, found.value_or(*end)};
  }
  // What an earlier process left behind a hole may never have been durable: it didn't count then.
  return {position.segment + 1, kSegmentHeaderBytes};
}

Result<void> Journal::Commit(JournalPosition position) {
  const std::scoped_lock one_at_a_time(sync_mutex_);
  if (auto written = WriteCheckpoint(files_, options_.folder, position); !written.has_value()) {
    ++failures_;
    return written;
  }
  const std::scoped_lock lock(mutex_);
  committed_ = position;
  // One more is kept: who sweeps up after a power cut wants to know what was closed in its last
  // seconds.
  if (!keeps_segments_) RemoveBefore(std::min(position.segment, synced_.segment - 1));
  return {};
}

void Journal::RemoveBefore(std::uint64_t segment) {
  while (!segments_.empty() && segments_.front() < segment) {
    auto removed = files_.Unlink(PathOf(segments_.front()));
    if (!removed.has_value() && removed.error().code() != ErrorCode::kNotFound) {
      log::Warning("a journal segment can't be removed", {{"why", removed.error()}});
      ++failures_;
      return;
    }
    closed_.erase(segments_.front());
    segments_.pop_front();
  }
}

bool Journal::remembers_all() const {
  const std::scoped_lock lock(mutex_);
  return segments_.front() == 1;  // never empty once open
}

JournalPosition Journal::committed() const {
  const std::scoped_lock lock(mutex_);
  return committed_;
}

std::string Journal::PathOf(std::uint64_t segment) const {
  return options_.folder + "/" + SegmentName(segment);
}

}  // namespace yagura::storage
