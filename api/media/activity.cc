#include "api/media/activity.h"

#include <algorithm>

#include "api/json_bodies.h"
#include "api/media/activity_levels.h"
#include "api/media/footage_plan.h"
#include "api/media/sent_parts.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

using access_control::Permit;

/// One answer reads some 70 clips at most.
constexpr std::chrono::hours kActivityRangeMax{1};

/// What is compared with: as much around the range as the quiet level is taken from.
WallRange Widened(WallRange range) { return {range.from - kQuietReach, range.to + kQuietReach}; }

struct AskedActivity {
  PersonId person;
  WallRange range;
  FootagePlan plan;  // of the range widened
};

Result<AskedActivity> PlanActivity(const Call& call, const Permit& permit,
                                   const ClipFolder& folder) {
  ASSIGN_OR_RETURN(const WallRange range, RequireRange(call, kActivityRangeMax));
  const CameraId camera = std::get<CameraId>(permit.resource());
  ASSIGN_OR_RETURN(FootagePlan plan, PlanFootage(permit, {camera}, Widened(range), folder));
  return AskedActivity{permit.principal().person, range, std::move(plan)};
}

bool HasFootage(const AskedActivity& asked) {
  const auto overlaps = [&](const storage::ClipRow& clip) {
    return Overlaps({clip.start, clip.end}, asked.range);
  };
  return std::any_of(asked.plan.sequences.begin(), asked.plan.sequences.end(),
                     [&](const ClipSequence& one) {
                       return std::any_of(one.clips.begin(), one.clips.end(), overlaps);
                     });
}

/// Without the clips whose files can't be read: their seconds are unknown, the others' are not.
std::vector<CodedClip> ReadCodedClips(const FootagePlan& plan, const ClipFolder& folder) {
  std::vector<CodedClip> coded;
  for (const ClipSequence& sequence : plan.sequences) {
    for (const storage::ClipRow& clip : sequence.clips) {
      const auto place = folder.PlaceOf(plan.volume_paths, clip);
      if (!place.has_value()) continue;
      const auto index = folder.ReadIndex(*place, clip);
      if (index.has_value()) coded.push_back(CodedClipOf(*index, sequence.init_sha256));
    }
  }
  return coded;
}

}  // namespace

Result<Response> ShowActivity(const Entrance& entrance, const ClipFolder& folder, Turns& turns) {
  const Call& call = entrance.call();
  ASSIGN_OR_RETURN(const AskedActivity asked, entrance.Enter<AskedActivity>([&](Permit& permit) {
    return PlanActivity(call, permit, folder);
  }));
  if (asked.plan.too_full) return RangeTooFull();
  if (!HasFootage(asked)) return NoFootage();
  const auto turn = turns.Enter(asked.person);
  if (!turn.has_value()) return Failure(turn.error());
  Json levels = Json::Array();
  for (const auto& level : ActivityOf(ReadCodedClips(asked.plan, folder), asked.range))
    levels.Push(level ? Json(*level) : Json());
  return JsonResponse(Json::Object({{"from", FormatRfc3339(asked.range.from)},
                                    {"to", FormatRfc3339(asked.range.to)},
                                    {"seconds", std::move(levels)}}));
}

}  // namespace yagura::api
