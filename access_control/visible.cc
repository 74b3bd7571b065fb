#include "access_control/visible.h"

#include <algorithm>

#include "access_control/decide.h"
#include "access_control/scope.h"

namespace yagura::access_control {
namespace {

/// The person's assignments that count at `now`; none for one who is unknown or disabled.
std::vector<AssignmentFact> CountingAssignments(const Facts& facts, PersonId person, WallTime now) {
  std::vector<AssignmentFact> counting;
  const PersonFact* const fact = facts.FindPerson(person);
  if (fact == nullptr || (fact->disabled_at && *fact->disabled_at <= now)) return counting;
  const auto all = facts.AssignmentsOf(person);
  std::copy_if(all.begin(), all.end(), std::back_inserter(counting),
               [&](const AssignmentFact& one) { return Counts(facts, one, now); });
  return counting;
}

bool AnyReaches(const Facts& facts, const std::vector<AssignmentFact>& assignments, UnitId unit,
                WallTime now) {
  return std::any_of(assignments.begin(), assignments.end(),
                     [&](const AssignmentFact& one) { return Reaches(facts, one, unit, now); });
}

bool AnySeesAllMetadata(const std::vector<AssignmentFact>& assignments) {
  return std::any_of(assignments.begin(), assignments.end(), [](const AssignmentFact& one) {
    return DepthOf(one.post) == Visibility::kMetadata;
  });
}

bool IsListed(const ChargeFact& charge, WallTime now, const std::optional<WallRange>& then) {
  if (Contains(charge.valid, now)) return true;
  return then && charge.valid.from <= now && Overlaps(charge.valid, *then);
}

}  // namespace

std::vector<CameraId> VisibleCameras(const Facts& facts, PersonId person, WallTime now,
                                     std::optional<WallRange> then) {
  const auto assignments = CountingAssignments(facts, person, now);
  const bool sees_all = AnySeesAllMetadata(assignments);
  std::vector<CameraId> cameras;
  for (const CameraId& camera : facts.set().cameras) {
    const auto charges = facts.ChargesOf(camera);
    const bool listed =
        sees_all || std::any_of(charges.begin(), charges.end(), [&](const auto& charge) {
          return IsListed(charge, now, then) && AnyReaches(facts, assignments, charge.unit, now);
        });
    if (listed) cameras.push_back(camera);
  }
  std::sort(cameras.begin(), cameras.end());
  return cameras;
}

bool SeesAllMetadata(const Facts& facts, PersonId person, WallTime now) {
  return AnySeesAllMetadata(CountingAssignments(facts, person, now));
}

std::vector<Footage> VisiblePieces(const Facts& facts, PersonId person, CameraId camera,
                                   WallRange range, WallTime now) {
  const auto assignments = CountingAssignments(facts, person, now);
  std::vector<Footage> pieces;
  for (const ChargeFact& charge : facts.ChargesOf(camera)) {
    const WallRange piece{std::max(range.from, charge.valid.from),
                          std::min(range.to, charge.valid.to)};
    if (piece.from >= piece.to || charge.valid.from > now) continue;
    if (AnyReaches(facts, assignments, charge.unit, now))
      pieces.push_back({camera, charge.unit, piece});
  }
  return pieces;
}

std::vector<Action> PossibleActions(const Facts& facts, PersonId person, WallTime now) {
  const PersonFact* const fact = facts.FindPerson(person);
  if (fact == nullptr || (fact->disabled_at && *fact->disabled_at <= now)) return {};
  std::vector<Action> actions = {Action::kSessionRead, Action::kSessionEnd};
  const auto assignments = CountingAssignments(facts, person, now);
  Visibility deepest = Visibility::kNone;
  for (const AssignmentFact& one : assignments) deepest = std::max(deepest, DepthOf(one.post));
  if (!assignments.empty())
    actions.insert(actions.end(), {Action::kCameraList, Action::kPlaceList, Action::kPhaseList,
                                   Action::kDepartmentList});
  if (std::any_of(assignments.begin(), assignments.end(),
                  [](const AssignmentFact& one) { return ListsStaff(one.post); }))
    actions.push_back(Action::kAssignmentList);
  const bool audits =
      std::ranges::any_of(assignments, [](const auto& one) { return one.post == Post::kAuditor; });
  if (deepest >= Visibility::kMetadata) {
    actions.insert(actions.end(), {Action::kCameraRead, Action::kCoverageRead});
  }
  if (deepest == Visibility::kMetadata &&
      std::any_of(assignments.begin(), assignments.end(),
                  [](const AssignmentFact& one) { return one.post == Post::kOperations; }))
    actions.push_back(Action::kLivePlay);  // of staged cameras
  if (deepest >= Visibility::kPictures) {
    actions.insert(actions.end(), {Action::kClipList, Action::kFootagePlay,
                                   Action::kFootageDownload, Action::kLivePlay});
  }
  if (audits || deepest >= Visibility::kPictures) actions.push_back(Action::kViewingList);
  if (audits) actions.push_back(Action::kAuditRead);
  if (audits || deepest >= Visibility::kPictures)
    actions.insert(actions.end(), {Action::kHoldCreate, Action::kHoldList});
  if (std::ranges::any_of(assignments, [](const auto& one) { return ReleasesHolds(one.post); }))
    actions.push_back(Action::kHoldRelease);
  return actions;
}

}  // namespace yagura::access_control
