#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/gap_reason.h"
#include "core/time.h"

/// The account of one camera's time: due = recorded + gaps. What is due and neither recorded nor in
/// a gap is unexplained, which is a fault of ours wherever it occurs. Pure functions.
namespace yagura::fleet {

struct ExplainedGap {
  WallRange range;  // an open gap ends where the one who asks says that it does
  GapReason reason = GapReason::kRecorderRestart;
  friend bool operator==(const ExplainedGap&, const ExplainedGap&) = default;
};

/// What is known of one camera's stream, in any order, possibly reaching out of the range asked
/// for.
struct CoverageEvidence {
  std::vector<WallRange> due;       // from placements, charges and states (recorder_view.h)
  std::vector<WallRange> recorded;  // clips, or stretches of runs
  std::vector<ExplainedGap> gaps;
};

enum class CoverageKind : std::uint8_t { kRecorded, kGap, kUnexplained };

/// A stretch in which a camera was due, and what became of it.
struct CoveragePiece {
  WallRange range;
  CoverageKind kind = CoverageKind::kUnexplained;
  std::optional<GapReason> reason;  // of a gap
  friend bool operator==(const CoveragePiece&, const CoveragePiece&) = default;
};

struct CoverageReport {
  /// By time; together exactly what was due. Neighbours differ in kind or reason.
  std::vector<CoveragePiece> pieces;
  microseconds due{};
  microseconds recorded{};
  microseconds in_gaps{};
  microseconds unexplained{};
  /// Disagreements besides: time that is recorded and in a gap (counted as recorded), in two gaps
  /// at once, and gaps while nothing was due.
  std::vector<WallRange> recorded_and_gap;
  std::vector<WallRange> gaps_twice;
  std::vector<WallRange> gaps_not_due;

  [[nodiscard]] bool agrees() const {
    return unexplained.count() == 0 && recorded_and_gap.empty() && gaps_twice.empty() &&
           gaps_not_due.empty();
  }
};

/// Joins what is known within `range`. Due = recorded + gaps + unexplained, to the microsecond.
[[nodiscard]] CoverageReport ReportCoverage(const CoverageEvidence& evidence, WallRange range);

}  // namespace yagura::fleet
