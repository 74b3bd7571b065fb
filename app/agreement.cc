#include "app/agreement.h"

#include <algorithm>
#include <utility>

#include "fleet/coverage.h"

namespace yagura::app {
namespace {

std::string Range(const WallRange& range) {
  return FormatRfc3339(range.from) + " to " + FormatRfc3339(range.to);
}

void CompareRow(const storage::ClipRow& row, const FoundClips& found,
                const CatalogueEvidence& catalogue, std::vector<Disagreement>& into) {
  const auto file = found.clips.find(row.id);
  const std::string name = "clip " + ToString(row.id);
  if (file == found.clips.end()) {
    if (row.on_volume && !catalogue.expiring.contains(row.id))
      into.push_back({DisagreementKind::kFileMissing, name + ": row without a file"});
    return;
  }
  const auto differs = [&](const std::string& what) {
    into.push_back({DisagreementKind::kFileDiffers, name + what});
  };
  const FoundClip& clip = file->second;
  // A condemned file may be longer than what counts of it.
  const bool longer_is_fine = row.ended_by == storage::ClipEnd::kCondemned;
  if (clip.bytes != row.bytes && !(longer_is_fine && clip.bytes > row.bytes)) {
    differs(": its file has " + std::to_string(clip.bytes) + " bytes, its row says " +
            std::to_string(row.bytes));
  }
  if (!clip.readable) {
    differs(": its file has no readable head");
  } else if (clip.identity.clip != row.id || clip.identity.camera != row.camera ||
             clip.identity.stream != row.stream || clip.identity.owner != row.owner ||
             clip.camera != row.camera || clip.identity.media_start != row.media_start ||
             clip.identity.wall_start != row.start) {
    differs(": its file and its row tell different identities");
  }
  if (clip.volume != row.volume) differs(": lies on another volume than its row says");
}

bool KnownToJournal(const ClipId& id, const JournalEvidence& journal) {
  const auto& open = journal.open.clips();
  return journal.closed.contains(id) || journal.voided.contains(id) ||
         std::any_of(open.begin(), open.end(),
                     [&](const storage::ClipOpened& clip) { return clip.clip == id; });
}

}  // namespace

std::vector<Disagreement> CompareFiles(const CatalogueEvidence& catalogue,
                                       const JournalEvidence& journal, const FoundClips& found,
                                       AgreementCounts& counts) {
  std::vector<Disagreement> disagreements;
  std::set<ClipId> with_row;
  for (const auto& [camera, rows] : catalogue.clips) {
    for (const storage::ClipRow& row : rows) {
      with_row.insert(row.id);
      CompareRow(row, found, catalogue, disagreements);
    }
  }
  counts.rows = with_row.size();
  counts.files = found.clips.size();
  for (const auto& [id, clip] : found.clips) {
    if (with_row.contains(id) || catalogue.expiring.contains(id)) continue;
    if (KnownToJournal(id, journal)) {
      ++counts.in_journal;
    } else {
      disagreements.push_back(
          {DisagreementKind::kFileUnknown,
           "file " + clip.path + ": neither in the catalogue nor in the journal"});
    }
  }
  for (const std::string& path : found.strangers)
    disagreements.push_back({DisagreementKind::kFileForeign, "file " + path + ": no clip of ours"});
  return disagreements;
}

namespace {

/// Of its main stream: that one has to be accounted for.
bool IsOf(const storage::ClipOpened& clip, CameraId camera) {
  return clip.camera == camera && clip.stream == Stream::kMain;
}

/// A clip that is being written reaches until now, or until the gap that ended it.
WallRange SoFar(const storage::ClipOpened& open, const std::vector<fleet::ExplainedGap>& gaps) {
  WallTime end = WallTime::max();
  for (const fleet::ExplainedGap& gap : gaps) {
    if (gap.range.from > open.wall_start) end = std::min(end, gap.range.from);
  }
  return {open.wall_start, end};
}

/// What of `ranges` lies in none of `others`.
std::vector<WallRange> Minus(const std::vector<WallRange>& ranges,
                             const std::vector<WallRange>& others) {
  std::vector<WallRange> left = ranges;
  for (const WallRange& other : others) {
    std::vector<WallRange> parts;
    for (const WallRange& range : left) {
      const WallRange front{range.from, std::min(range.to, other.from)};
      const WallRange behind{std::max(range.from, other.to), range.to};
      if (front.from < front.to) parts.push_back(front);
      if (behind.from < behind.to) parts.push_back(behind);
    }
    left = std::move(parts);
  }
  return left;
}

}  // namespace

CoverageCheck CompareCoverage(const fleet::RecordedCamera& camera,
                              const CatalogueEvidence& catalogue, const JournalEvidence& journal,
                              WallTime until) {
  fleet::CoverageEvidence evidence{.due = camera.due, .recorded = {}, .gaps = {}};
  if (const auto clips = catalogue.clips.find(camera.id); clips != catalogue.clips.end()) {
    for (const storage::ClipRow& row : clips->second)
      if (row.stream == Stream::kMain) evidence.recorded.push_back({row.start, row.end});
  }
  if (const auto gaps = catalogue.gaps.find(camera.id); gaps != catalogue.gaps.end()) {
    for (const storage::GapRow& row : gaps->second) {
      evidence.gaps.push_back({{row.start, row.end.value_or(WallTime::max())}, row.reason});
    }
  }
  if (const auto gone = catalogue.deleted.find(camera.id); gone != catalogue.deleted.end()) {
    evidence.recorded.insert(evidence.recorded.end(), gone->second.begin(), gone->second.end());
  }
  for (const auto& [id, closed] : journal.closed) {
    if (IsOf(closed.opened, camera.id)) {
      evidence.recorded.push_back({closed.opened.wall_start, closed.wall_end});
    }
  }
  for (const storage::ClipOpened& open : journal.open.clips()) {
    if (IsOf(open, camera.id)) evidence.recorded.push_back(SoFar(open, evidence.gaps));
  }
  const auto report = fleet::ReportCoverage(evidence, {WallTime(microseconds(0)), until});
  CoverageCheck check{report.due, report.recorded, report.in_gaps, {}};
  const auto say = [&](const WallRange& range, DisagreementKind kind, const char* what) {
    check.disagreements.push_back(
        {kind, "camera " + camera.code + ", " + Range(range) + ": " + what});
  };
  for (const fleet::CoveragePiece& piece : report.pieces) {
    if (piece.kind == fleet::CoverageKind::kUnexplained) {
      say(piece.range, DisagreementKind::kUnexplained, "due, and neither recorded nor in a gap");
    }
  }
  for (const WallRange& range : Minus(report.recorded_and_gap, catalogue.lived_twice))
    say(range, DisagreementKind::kToldTwice, "recorded and in a gap at once");
  for (const WallRange& range : Minus(report.gaps_twice, catalogue.lived_twice))
    say(range, DisagreementKind::kToldTwice, "in two gaps at once");
  for (const WallRange& range : report.gaps_not_due)
    say(range, DisagreementKind::kToldTwice, "in a gap while it was not due");
  return check;
}

}  // namespace yagura::app
