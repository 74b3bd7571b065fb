#include "api/media/footage_plan.h"

#include <algorithm>

#include "api/media/clip_times.h"
#include "api/media/growing_clip.h"
#include "api/media/volumes_pg.h"
#include "storage/clip_queries_pg.h"

namespace yagura::api {
namespace {

using access_control::Footage;
using access_control::Permit;
using storage::ClipRow;

/// More than any range that a route takes holds (24 h in clips of 60 s, twice over for a time lived
/// twice).
constexpr std::uint32_t kClipsMax = 3000;
/// So far back a keyframe is looked for where nothing says where it lies.
constexpr std::chrono::minutes kLeadInMax{10};

Footage FootageOf(const ClipRow& clip) {
  return {clip.camera, clip.owner.unit, {clip.start, clip.end}};
}

std::vector<ClipRow> AllowedClips(const Permit& permit, CameraStream of, WallRange range) {
  storage::ClipSearch search;
  search.camera = of.camera;
  search.stream = of.stream;
  search.range = range;
  search.limit = kClipsMax + 1;
  auto clips = storage::ClipsOverlapping(permit.transaction(), search);
  std::erase_if(clips, [&](const ClipRow& clip) { return !permit.Allows(FootageOf(clip)); });
  return clips;
}

/// Adds those that are being written: a clip may have been closed since `clips` was asked for, and
/// an old journal that is read again tells of clips that are long closed.
void AddGrowing(std::vector<ClipRow>& clips, std::vector<ClipRow> growing) {
  for (ClipRow& clip : growing) {
    const bool is_there = std::any_of(clips.begin(), clips.end(),
                                      [&](const ClipRow& one) { return one.id == clip.id; });
    if (is_there) continue;
    const auto behind = std::find_if(clips.begin(), clips.end(),
                                     [&](const ClipRow& one) { return one.start > clip.start; });
    clips.insert(behind, std::move(clip));
  }
}

/// Within a run by time alone: a clip that took over what a failing one had to give up bears a
/// higher number than the one behind it.
bool Follows(const ClipRow& clip, const ClipRow& before) {
  if (clip.start != before.end) return false;
  if (clip.id.run == before.id.run) return clip.media_start == before.media_end;
  return clip.id.sequence == 0 && clip.lead_in.has_value();  // rolled between two keyframes
}

/// From when on clips may be needed to decode `first`. The one that its row names may be gone, or
/// have lost the keyframe to another, where its file failed.
WallTime LeadInSince(const Permit& permit, const ClipRow& first) {
  const auto named = storage::FindClip(permit.transaction(), first.lead_in->clip);
  if (named && named->clip.camera == first.camera && named->clip.start < first.start)
    return named->clip.start;
  return first.start - kLeadInMax;
}

/// The clips in front of `first` that decoding it needs, from the newest with a keyframe on, in
/// order; none where they can't all be had.
std::vector<ClipRow> LeadInOf(const Permit& permit, const ClipRow& first) {
  if (!first.lead_in) return {};
  const auto clips =
      AllowedClips(permit, {first.camera, first.stream}, {LeadInSince(permit, first), first.start});
  std::vector<ClipRow> chain;
  while (chain.empty() || chain.back().keyframes.empty()) {
    const ClipRow& next = chain.empty() ? first : chain.back();
    const auto before = std::find_if(clips.begin(), clips.end(),
                                     [&](const ClipRow& clip) { return Follows(next, clip); });
    if (before == clips.end()) return {};
    chain.push_back(*before);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

/// Whether frames before the clip's first keyframe are asked for.
bool NeedsLeadIn(const ClipRow& clip, WallTime from) {
  if (!clip.lead_in) return false;
  return from < WallAt(clip, KeyframeAfter(clip, clip.media_start));
}

void AddLeadIns(const Permit& permit, FootagePlan& plan) {
  for (ClipSequence& sequence : plan.sequences) {
    if (!NeedsLeadIn(sequence.clips.front(), plan.range.from)) continue;
    const auto lead_in = LeadInOf(permit, sequence.clips.front());
    sequence.clips.insert(sequence.clips.begin(), lead_in.begin(), lead_in.end());
    sequence.lead_in_clips = lead_in.size();
  }
}

void NameFormats(const Permit& permit, FootagePlan& plan) {
  std::vector<RunId> ids;
  for (const auto& sequence : plan.sequences) ids.push_back(sequence.clips.back().id.run);
  for (const auto& run : storage::FindRuns(permit.transaction(), ids)) {
    for (auto& sequence : plan.sequences) {
      if (sequence.clips.back().id.run != run.id) continue;
      sequence.init_sha256 = run.init_sha256;
      sequence.codec = run.codec;
    }
  }
}

/// What of a clip is handed out: all, but before the keyframe that the range's start hangs on and
/// behind the GOP that it ends in. Of the clip that leads in, from the keyframe on that does.
WallRange HandedOut(const ClipRow& clip, WallRange asked, bool leads_in) {
  WallRange range{clip.start, clip.end};
  if (leads_in) range.from = WallAt(clip, KeyframeBefore(clip, clip.media_end));
  if (asked.from > clip.start && asked.from < clip.end)
    range.from = WallAt(clip, KeyframeBefore(clip, MediaAt(clip, asked.from)));
  if (asked.to > clip.start && asked.to < clip.end)
    range.to = WallAt(clip, KeyframeAfter(clip, MediaAt(clip, asked.to)));
  return range;
}

}  // namespace

std::vector<ClipSequence> JoinClips(std::vector<ClipRow> clips) {
  std::vector<ClipSequence> sequences;
  for (ClipRow& clip : clips) {
    const auto before = std::find_if(
        sequences.rbegin(), sequences.rend(),
        [&](const ClipSequence& sequence) { return Follows(clip, sequence.clips.back()); });
    if (before != sequences.rend()) {
      before->clips.push_back(std::move(clip));
    } else {
      sequences.emplace_back().clips.push_back(std::move(clip));
    }
  }
  return sequences;
}

Result<FootagePlan> PlanFootage(const Permit& permit, CameraStream of, WallRange range,
                                const ClipFolder& folder) {
  std::vector<ClipRow> clips = AllowedClips(permit, of, range);
  FootagePlan plan{
      of.camera, range, {}, VolumePaths(permit.transaction()), clips.size() > kClipsMax};
  if (plan.too_full) return plan;
  AddGrowing(clips, GrowingClipsOf(permit, of, range, plan.volume_paths, folder));
  plan.sequences = JoinClips(std::move(clips));
  AddLeadIns(permit, plan);
  NameFormats(permit, plan);
  return plan;
}

std::vector<ViewingStretch> StretchesOf(const FootagePlan& plan) {
  std::vector<ViewingStretch> stretches;
  for (const ClipSequence& sequence : plan.sequences) {
    for (std::size_t i = 0; i < sequence.clips.size(); ++i) {
      const ClipRow& clip = sequence.clips[i];
      const WallRange range = HandedOut(clip, plan.range, i == 0 && sequence.lead_in_clips > 0);
      const Footage footage{clip.camera, clip.owner.unit, range};
      const bool fits = !stretches.empty() && range.from >= stretches.back().interval.from &&
                        clip.owner.unit == stretches.back().footage.front().unit &&
                        range.to - stretches.back().interval.from <= access_control::kViewingMax;
      if (!fits) stretches.push_back({range, {}});
      stretches.back().interval.to = std::max(stretches.back().interval.to, range.to);
      stretches.back().footage.push_back(footage);
    }
  }
  return stretches;
}

}  // namespace yagura::api
