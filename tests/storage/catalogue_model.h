#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/journal.h"
#include "storage/journal_records.h"

namespace yagura::testing {

/// What a catalogue makes of the journal: rows by their ids, repetitions taken as done, gaps that
/// came to nothing deleted.
class CatalogueModel {
 public:
  struct Gap {
    storage::GapOpened opened;
    std::optional<WallTime> to;
  };

  void Apply(const storage::JournalRecord& record) {
    using namespace storage;
    if (const auto* run = std::get_if<RunOpened>(&record)) runs_.emplace(run->run, *run);
    if (const auto* run = std::get_if<RunEnded>(&record)) ended_runs_.emplace(run->run, *run);
    if (const auto* clip = std::get_if<ClipOpened>(&record)) open_clips_.emplace(clip->clip, *clip);
    if (const auto* clip = std::get_if<ClipClosed>(&record))
      clips_.emplace(clip->opened.clip, *clip);
    if (const auto* clip = std::get_if<ClipVoided>(&record)) voided_.emplace(clip->clip, true);
    if (const auto* gap = std::get_if<GapOpened>(&record))
      gaps_.emplace(gap->gap, Gap{*gap, std::nullopt});
    if (const auto* gap = std::get_if<GapEnded>(&record)) {
      const auto found = gaps_.find(gap->gap);
      if (found != gaps_.end()) found->second.to = gap->to;
    }
  }
  /// Reads on where it stopped last time.
  void ReadFrom(storage::Journal& journal) {
    for (;;) {
      const auto batch = journal.ReadFrom(position_, 100);
      if (!batch.has_value() || batch->next == position_) return;
      for (const auto& record : batch->records) Apply(record);
      position_ = batch->next;
    }
  }

  [[nodiscard]] const std::map<ClipId, storage::ClipClosed>& clips() const { return clips_; }
  [[nodiscard]] const std::map<RunId, storage::RunOpened>& runs() const { return runs_; }
  [[nodiscard]] const std::map<RunId, storage::RunEnded>& ended_runs() const { return ended_runs_; }
  [[nodiscard]] std::vector<Gap> gaps() const {
    std::vector<Gap> gaps;
    for (const auto& [id, gap] : gaps_) {
      if (!gap.to || *gap.to > gap.opened.from) gaps.push_back(gap);
    }
    return gaps;
  }
  /// Clips that were begun and are neither closed nor void.
  [[nodiscard]] std::vector<storage::ClipOpened> open_clips() const {
    std::vector<storage::ClipOpened> open;
    for (const auto& [id, clip] : open_clips_) {
      if (!clips_.contains(id) && !voided_.contains(id)) open.push_back(clip);
    }
    return open;
  }
  [[nodiscard]] const storage::JournalPosition& position() const { return position_; }

 private:
  storage::JournalPosition position_;
  std::map<RunId, storage::RunOpened> runs_;
  std::map<RunId, storage::RunEnded> ended_runs_;
  std::map<ClipId, storage::ClipOpened> open_clips_;
  std::map<ClipId, storage::ClipClosed> clips_;
  std::map<ClipId, bool> voided_;
  std::map<GapId, Gap> gaps_;
};

}  // namespace yagura::testing
