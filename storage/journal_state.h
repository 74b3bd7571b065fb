#pragma once

#include <optional>
#include <vector>

#include "storage/journal_records.h"

namespace yagura::storage {

/// What is open after a sequence of journal records: what a restart has to deal with, and what each
/// journal segment begins with. Taking a record twice changes nothing more. A few hundred entries
/// at most.
class JournalState {
 public:
  void Apply(const JournalRecord& record);
  /// Records that lead to this state from an empty one.
  [[nodiscard]] std::vector<JournalRecord> Snapshot() const;

  [[nodiscard]] const std::vector<RunOpened>& runs() const { return runs_; }
  [[nodiscard]] const std::vector<ClipOpened>& clips() const { return clips_; }
  [[nodiscard]] const std::vector<GapOpened>& gaps() const { return gaps_; }
  /// Gaps that ended while a clip from before them was still open: where that clip turns out to be
  /// shorter than it was, they tell what is accounted for already.
  struct EndedGap {
    GapOpened opened;
    WallTime to{};
    friend bool operator==(const EndedGap&, const EndedGap&) = default;
  };
  [[nodiscard]] const std::vector<EndedGap>& ended_gaps() const { return ended_gaps_; }
  [[nodiscard]] const std::optional<WallTime>& last_alive() const { return last_alive_; }

  friend bool operator==(const JournalState&, const JournalState&) = default;

 private:
  void End(const GapEnded& gap);
  void ForgetEndedGaps();

  // Each in the order of opening.
  std::vector<RunOpened> runs_;
  std::vector<ClipOpened> clips_;
  std::vector<GapOpened> gaps_;
  std::vector<EndedGap> ended_gaps_;
  std::optional<WallTime> last_alive_;
};

}  // namespace yagura::storage
