#include "api/media/file_ranges.h"

#include <algorithm>

namespace yagura::api {
namespace {

/// The times of the clips of sequences [begin, end) of `plan` that are asked for, by start.
std::vector<WallRange> TimesOf(const FootagePlan& plan, std::size_t begin, std::size_t end) {
  std::vector<WallRange> times;
  for (std::size_t i = begin; i < end; ++i) {
    const ClipSequence& sequence = plan.sequences[i];
    for (std::size_t clip = sequence.lead_in_clips; clip < sequence.clips.size(); ++clip) {
      times.push_back({std::max(sequence.clips[clip].start, plan.range.from),
                       std::min(sequence.clips[clip].end, plan.range.to)});
    }
  }
  std::sort(times.begin(), times.end(),
            [](const WallRange& a, const WallRange& b) { return a.from < b.from; });
  return times;
}

/// Adds ranges for `times`, of one format. What was lived twice counts with the range that reaches
/// so far already.
void AppendRanges(std::vector<WallRange>& ranges, const std::vector<WallRange>& times) {
  bool begins = true;
  for (const WallRange& time : times) {
    const WallTime from = ranges.empty() ? time.from : std::max(time.from, ranges.back().to);
    if (time.to <= from) continue;
    if (begins || time.to - ranges.back().from > kFileMax) {
      ranges.push_back({from, time.to});
    } else {
      ranges.back().to = time.to;
    }
    begins = false;
  }
}

}  // namespace

bool HasOneFormat(const FootagePlan& plan) {
  return std::all_of(plan.sequences.begin(), plan.sequences.end(), [&](const ClipSequence& one) {
    return one.init_sha256 == plan.sequences.front().init_sha256;
  });
}

std::vector<WallRange> RangesOfFiles(const FootagePlan& plan) {
  std::vector<WallRange> ranges;
  for (std::size_t begin = 0; begin < plan.sequences.size();) {
    std::size_t end = begin;
    while (end < plan.sequences.size() &&
           plan.sequences[end].init_sha256 == plan.sequences[begin].init_sha256)
      ++end;
    AppendRanges(ranges, TimesOf(plan, begin, end));
    begin = end;
  }
  return ranges;
}

}  // namespace yagura::api
