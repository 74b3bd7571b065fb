#include "fleet/coverage.h"

#include <algorithm>
#include <map>

namespace yagura::fleet {
namespace {

/// What changes at an instant, as numbers of stretches that begin (+) or end (-) there.
struct Step {
  int due = 0;
  int recorded = 0;
  std::vector<GapReason> gaps_begun;
  std::vector<GapReason> gaps_ended;
};
using Steps = std::map<WallTime, Step>;

WallRange Within(const WallRange& asked, const WallRange& stretch) {
  return {std::max(asked.from, stretch.from), std::min(asked.to, stretch.to)};
}

Steps StepsOf(const CoverageEvidence& evidence, const WallRange& asked) {
  Steps steps;
  const auto count = [&](const std::vector<WallRange>& stretches, int Step::*member) {
    for (const WallRange& stretch : stretches) {
      const WallRange part = Within(asked, stretch);
      if (part.from >= part.to) continue;
      steps[part.from].*member += 1;
      steps[part.to].*member -= 1;
    }
  };
  count(evidence.due, &Step::due);
  count(evidence.recorded, &Step::recorded);
  for (const ExplainedGap& gap : evidence.gaps) {
    const WallRange part = Within(asked, gap.range);
    if (part.from >= part.to) continue;
    steps[part.from].gaps_begun.push_back(gap.reason);
    steps[part.to].gaps_ended.push_back(gap.reason);
  }
  return steps;
}

/// What holds between two neighbouring steps.
struct State {
  int due = 0;
  int recorded = 0;
  std::vector<GapReason> gaps;  // the open ones, in the order in which they began

  void Apply(const Step& step) {
    due += step.due;
    recorded += step.recorded;
    for (const GapReason ended : step.gaps_ended) gaps.erase(std::ranges::find(gaps, ended));
    gaps.insert(gaps.end(), step.gaps_begun.begin(), step.gaps_begun.end());
  }
};

void Extend(std::vector<WallRange>& ranges, const WallRange& range) {
  if (!ranges.empty() && ranges.back().to == range.from) {
    ranges.back().to = range.to;
  } else {
    ranges.push_back(range);
  }
}

CoveragePiece PieceOf(const State& state, const WallRange& range) {
  if (state.recorded > 0) return {range, CoverageKind::kRecorded, std::nullopt};
  if (!state.gaps.empty()) return {range, CoverageKind::kGap, state.gaps.front()};
  return {range, CoverageKind::kUnexplained, std::nullopt};
}

microseconds& SumOf(CoverageReport& report, CoverageKind kind) {
  switch (kind) {
    case CoverageKind::kRecorded:
      return report.recorded;
    case CoverageKind::kGap:
      return report.in_gaps;
    case CoverageKind::kUnexplained:
      break;
  }
  return report.unexplained;
}

void AddDue(CoverageReport& report, const CoveragePiece& piece) {
  const microseconds length = piece.range.to - piece.range.from;
  report.due += length;
  SumOf(report, piece.kind) += length;
  CoveragePiece* last = report.pieces.empty() ? nullptr : &report.pieces.back();
  const bool goes_on = last != nullptr && last->range.to == piece.range.from &&
                       last->kind == piece.kind && last->reason == piece.reason;
  if (goes_on) {
    last->range.to = piece.range.to;
  } else {
    report.pieces.push_back(piece);
  }
}

void Add(CoverageReport& report, const State& state, const WallRange& range) {
  if (state.due > 0) AddDue(report, PieceOf(state, range));
  if (state.due == 0 && !state.gaps.empty()) Extend(report.gaps_not_due, range);
  if (state.recorded > 0 && !state.gaps.empty()) Extend(report.recorded_and_gap, range);
  if (state.gaps.size() > 1) Extend(report.gaps_twice, range);
}

}  // namespace

CoverageReport ReportCoverage(const CoverageEvidence& evidence, WallRange range) {
  CoverageReport report;
  State state;
  const Steps steps = StepsOf(evidence, range);
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    state.Apply(step->second);
    if (const auto next = std::next(step); next != steps.end())
      Add(report, state, {step->first, next->first});
  }
  return report;
}

}  // namespace yagura::fleet
