#include "storage/journal_state.h"

#include <algorithm>

namespace yagura::storage {
namespace {

const RunId& KeyOf(const RunOpened& run) { return run.run; }
const ClipId& KeyOf(const ClipOpened& clip) { return clip.clip; }
const GapId& KeyOf(const GapOpened& gap) { return gap.gap; }

template <class Entry, class Key>
void Remove(std::vector<Entry>& entries, const Key& key) {
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [&](const Entry& entry) { return KeyOf(entry) == key; }),
                entries.end());
}

template <class Entry>
void Put(std::vector<Entry>& entries, const Entry& entry) {
  const auto same = std::find_if(entries.begin(), entries.end(),
                                 [&](const Entry& other) { return KeyOf(other) == KeyOf(entry); });
  if (same == entries.end()) entries.push_back(entry);
}

}  // namespace

void JournalState::Apply(const JournalRecord& record) {
  if (const auto* run = std::get_if<RunOpened>(&record)) Put(runs_, *run);
  if (const auto* run = std::get_if<RunEnded>(&record)) Remove(runs_, run->run);
  if (const auto* clip = std::get_if<ClipOpened>(&record)) Put(clips_, *clip);
  if (const auto* clip = std::get_if<ClipClosed>(&record)) Remove(clips_, clip->opened.clip);
  if (const auto* clip = std::get_if<ClipVoided>(&record)) Remove(clips_, clip->clip);
  if (const auto* gap = std::get_if<GapOpened>(&record)) Put(gaps_, *gap);
  if (const auto* gap = std::get_if<GapEnded>(&record)) End(*gap);
  if (const auto* alive = std::get_if<Alive>(&record)) last_alive_ = alive->at;
  if (!ended_gaps_.empty()) ForgetEndedGaps();
}

void JournalState::End(const GapEnded& ended) {
  const auto gap = std::find_if(gaps_.begin(), gaps_.end(),
                                [&](const GapOpened& open) { return open.gap == ended.gap; });
  if (gap == gaps_.end()) return;
  if (gap->from < ended.to) ended_gaps_.push_back({*gap, ended.to});
  gaps_.erase(gap);
}

void JournalState::ForgetEndedGaps() {
  std::erase_if(ended_gaps_, [this](const EndedGap& gap) {
    return std::none_of(clips_.begin(), clips_.end(), [&](const ClipOpened& clip) {
      return clip.camera == gap.opened.camera && clip.stream == gap.opened.stream &&
             clip.wall_start < gap.opened.from;
    });
  });
}

std::vector<JournalRecord> JournalState::Snapshot() const {
  std::vector<JournalRecord> records;
  records.insert(records.end(), runs_.begin(), runs_.end());
  records.insert(records.end(), clips_.begin(), clips_.end());
  records.insert(records.end(), gaps_.begin(), gaps_.end());
  for (const EndedGap& gap : ended_gaps_) {
    records.emplace_back(gap.opened);
    records.emplace_back(GapEnded{.gap = gap.opened.gap, .to = gap.to});
  }
  if (last_alive_) records.emplace_back(Alive{*last_alive_});
  return records;
}

}  // namespace yagura::storage
