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
  if (const auto* gap = std::get_if<GapEnded>(&record)) Remove(gaps_, gap->gap);
  if (const auto* alive = std::get_if<Alive>(&record)) last_alive_ = alive->at;
}

std::vector<JournalRecord> JournalState::Snapshot() const {
  std::vector<JournalRecord> records;
  records.insert(records.end(), runs_.begin(), runs_.end());
  records.insert(records.end(), clips_.begin(), clips_.end());
  records.insert(records.end(), gaps_.begin(), gaps_.end());
  if (last_alive_) records.emplace_back(Alive{*last_alive_});
  return records;
}

}  // namespace yagura::storage
