#include "access_control/decide.h"

#include <algorithm>

#include "access_control/scope.h"

namespace yagura::access_control {
namespace {

/// What one assignment must give for an action.
enum class Need : std::uint8_t {
  kEveryone,
  kPerson,
  kAnyPost,
  kStaff,
  kMetadata,
  kPictures,
  kLive,
  kTrailOfOwn,
  kWholeTrail,
  kHoldRelease,
  kNothingWill
};

template <class T>
bool Is(const Resource& resource) {
  return std::holds_alternative<T>(resource);
}
bool IsNone(const Resource& resource) { return Is<std::monostate>(resource); }

/// The rule, action by action. A resource that the action isn't about is not understood.
Need NeedOf(const Request& request) {
  const Resource& what = request.resource;
  switch (request.action) {
    case Action::kServiceRead:
    case Action::kSessionStart:
      if (IsNone(what)) return Need::kEveryone;
      break;
    case Action::kSessionRead:
    case Action::kSessionEnd:
      if (IsNone(what)) return Need::kPerson;
      break;
    case Action::kCameraList:
      if (IsNone(what)) return Need::kAnyPost;
      if (Is<FloorId>(what) || Is<UnitId>(what)) return Need::kMetadata;
      break;
    case Action::kCameraRead:
      if (Is<CameraId>(what)) return Need::kMetadata;
      break;
    case Action::kPlaceList:
    case Action::kPhaseList:
    case Action::kDepartmentList:
      if (IsNone(what)) return Need::kAnyPost;
      break;
    case Action::kAssignmentList:
      if (IsNone(what) || Is<UnitId>(what)) return Need::kStaff;
      break;
    case Action::kCoverageRead:
      if (Is<CameraId>(what) || Is<Footage>(what)) return Need::kMetadata;
      break;
    case Action::kClipList:
      if (IsNone(what) || Is<CameraId>(what) || Is<FloorId>(what) || Is<Footage>(what)) {
        return Need::kPictures;
      }
      break;
    case Action::kFootagePlay:
    case Action::kFootageDownload:
      if (Is<CameraId>(what) || Is<Footage>(what)) return Need::kPictures;
      break;
    case Action::kLivePlay:
      if (Is<CameraId>(what)) return Need::kLive;
      break;
    case Action::kViewingList:
      if (IsNone(what) || Is<CameraId>(what) || Is<Footage>(what)) return Need::kTrailOfOwn;
      break;
    case Action::kAuditRead:
      if (IsNone(what)) return Need::kWholeTrail;
      break;
    case Action::kHoldCreate:
      if (Is<Footage>(what)) return Need::kTrailOfOwn;
      break;
    case Action::kHoldList:
      if (IsNone(what) || Is<CameraId>(what) || Is<Footage>(what)) return Need::kTrailOfOwn;
      break;
    case Action::kHoldRelease:
      if (Is<Footage>(what)) return Need::kHoldRelease;
      break;
  }
  return Need::kNothingWill;
}

bool Suffices(Visibility sight, Post post, Need need) {
  switch (need) {
    case Need::kAnyPost:
      return post != Post::kUnknown;
    case Need::kStaff:
      return ListsStaff(post) && sight >= Visibility::kMetadata;
    case Need::kMetadata:
      return sight >= Visibility::kMetadata;
    case Need::kPictures:
      return sight >= Visibility::kPictures;
    case Need::kWholeTrail:
      return post == Post::kAuditor;
    case Need::kTrailOfOwn:
    case Need::kHoldRelease:
    case Need::kLive:
    case Need::kEveryone:
    case Need::kPerson:
    case Need::kNothingWill:
      break;
  }
  return false;
}

bool IsGone(const Facts& facts, PersonId person, WallTime now) {
  const PersonFact* const fact = facts.FindPerson(person);
  return fact == nullptr || (fact->disabled_at && *fact->disabled_at <= now);
}

/// Metadata of footage (coverage) shows no clip's id, so who sees no more than that can't name one:
/// it doesn't exist.
Reason ReasonUnseen(const Resource& resource, Visibility deepest) {
  if (IsNone(resource)) return Reason::kNotAllowed;
  if (deepest == Visibility::kNone || Is<Footage>(resource)) return Reason::kNotVisible;
  return Reason::kNotAllowed;
}

struct Answer {
  Effect effect = Effect::kDeny;
  Reason reason = Reason::kNotUnderstood;
  friend bool operator==(const Answer&, const Answer&) = default;
};
constexpr Answer Permitted(Reason reason) { return {Effect::kPermit, reason}; }
constexpr Answer Denied(Reason reason) { return {Effect::kDeny, reason}; }

bool Gives(const Facts& facts, const AssignmentFact& assignment, const Resource& resource,
           Need need, WallTime now) {
  if (need == Need::kLive) return ShowsLive(facts, assignment, resource, now);
  if (need == Need::kTrailOfOwn) return ShowsTrail(facts, assignment, resource, now);
  if (need == Need::kHoldRelease) {
    return ReleasesHolds(assignment.post) && ShowsTrail(facts, assignment, resource, now);
  }
  return Suffices(SightOf(facts, assignment, resource, now), assignment.post, need);
}

/// The answer by posts; `on_basis` is told of each assignment that permits by itself.
template <class OnBasis>
Answer AnswerByPosts(const Facts& facts, const Request& request, PersonId person, Need need,
                     WallTime now, OnBasis on_basis) {
  const auto* const footage = std::get_if<Footage>(&request.resource);
  if (footage != nullptr && need == Need::kPictures && WasStaged(facts, *footage)) {
    return Denied(Reason::kRecordedWhileStaged);
  }
  bool permits = false;
  bool knows_of_the_hold = false;
  Visibility deepest = Visibility::kNone;
  for (const AssignmentFact& assignment : facts.AssignmentsOf(person)) {
    if (!Counts(facts, assignment, now)) continue;
    knows_of_the_hold |=
        need == Need::kHoldRelease && ShowsTrail(facts, assignment, request.resource, now);
    deepest = std::max(deepest, SightOf(facts, assignment, request.resource, now));
    if (!Gives(facts, assignment, request.resource, need, now)) continue;
    permits = true;
    on_basis(assignment);
  }
  if (permits) return Permitted(Reason::kPost);
  return Denied(knows_of_the_hold ? Reason::kNotAllowed : ReasonUnseen(request.resource, deepest));
}

template <class OnBasis>
Answer AnswerAt(const Facts& facts, const Request& request, WallTime now, OnBasis on_basis) {
  const Need need = NeedOf(request);
  if (need == Need::kNothingWill) return Denied(Reason::kNotUnderstood);
  if (need == Need::kEveryone) return Permitted(Reason::kOpenToEveryone);
  if (!request.person) return Denied(Reason::kNoSession);
  if (IsGone(facts, *request.person, now)) return Denied(Reason::kPersonGone);
  if (need == Need::kPerson) return Permitted(Reason::kOpenToPersons);
  return AnswerByPosts(facts, request, *request.person, need, now, on_basis);
}

/// Finds the earliest of the instants shown to it that is later than `after`.
struct Earliest {
  WallTime after;
  WallTime found = WallTime::max();
  void See(WallTime time) {
    if (time > after && time < found) found = time;
  }
  void SeeBoth(const WallRange& range) {
    See(range.from);
    See(range.to);
  }
};

void SeePerson(const Facts& facts, PersonId person, Earliest& next) {
  const PersonFact* const fact = facts.FindPerson(person);
  if (fact != nullptr && fact->disabled_at) next.See(*fact->disabled_at);
  for (const AssignmentFact& assignment : facts.AssignmentsOf(person)) {
    next.SeeBoth(assignment.valid);
    if (const UnitFact* const unit = facts.FindUnit(assignment.unit)) next.SeeBoth(unit->valid);
  }
}

/// When what a unit recorded becomes its successors', and theirs.
void SeeSuccession(const Facts& facts, UnitId unit, Earliest& next) {
  const auto successors = facts.SuccessorsOf(unit);
  if (successors.empty()) return;
  next.See(facts.FindUnit(unit)->valid.to);
  for (const UnitId& successor : successors) SeeSuccession(facts, successor, next);
}

void SeeCharges(const Facts& facts, CameraId camera, Earliest& next) {
  for (const ChargeFact& charge : facts.ChargesOf(camera)) {
    next.See(charge.valid.from);
    SeeSuccession(facts, charge.unit, next);
  }
}

/// Live also ends with a charge, and with a state.
void SeeLive(const Facts& facts, CameraId camera, Earliest& next) {
  for (const ChargeFact& charge : facts.ChargesOf(camera)) next.SeeBoth(charge.valid);
  for (const CameraStateFact& state : facts.StatesOf(camera)) next.SeeBoth(state.valid);
}

void SeeResource(const Facts& facts, const Request& request, Earliest& next) {
  const Resource& resource = request.resource;
  if (const auto* const camera = std::get_if<CameraId>(&resource)) {
    SeeCharges(facts, *camera, next);
    if (request.action == Action::kLivePlay) SeeLive(facts, *camera, next);
  } else if (const auto* const floor = std::get_if<FloorId>(&resource)) {
    for (const PlacementFact& placement : facts.PlacementsOn(*floor)) {
      next.See(placement.valid.from);
      SeeCharges(facts, placement.camera, next);
    }
  } else if (const auto* const unit = std::get_if<UnitId>(&resource)) {
    SeeSuccession(facts, *unit, next);
  } else if (const auto* const footage = std::get_if<Footage>(&resource)) {
    SeeSuccession(facts, footage->unit, next);
  }
}

/// Steps from one instant at which a fact begins or ends to the next, until the answer is another.
std::optional<WallTime> FirstChange(const Facts& facts, const Request& request,
                                    const Answer& answer, WallTime now) {
  if (!request.person) return std::nullopt;
  for (WallTime at = now;;) {
    Earliest next{at};
    SeePerson(facts, *request.person, next);
    SeeResource(facts, request, next);
    if (next.found == WallTime::max()) return std::nullopt;
    at = next.found;
    if (AnswerAt(facts, request, at, [](const AssignmentFact&) {}) != answer) return at;
  }
}

}  // namespace

std::string_view ToString(Reason reason) {
  switch (reason) {
    case Reason::kOpenToEveryone:
      return "open_to_everyone";
    case Reason::kOpenToPersons:
      return "open_to_persons";
    case Reason::kPost:
      return "post";
    case Reason::kNoSession:
      return "no_session";
    case Reason::kPersonGone:
      return "person_gone";
    case Reason::kNotVisible:
      return "not_visible";
    case Reason::kRecordedWhileStaged:
      return "recorded_while_staged";
    case Reason::kNotAllowed:
      return "not_allowed";
    case Reason::kNotUnderstood:
      break;
  }
  return "not_understood";
}

ErrorCode CodeOf(Reason reason) {
  switch (reason) {
    case Reason::kNoSession:
    case Reason::kPersonGone:
      return ErrorCode::kUnauthenticated;
    case Reason::kNotVisible:
    case Reason::kRecordedWhileStaged:
      return ErrorCode::kNotFound;
    case Reason::kOpenToEveryone:
    case Reason::kOpenToPersons:
    case Reason::kPost:
    case Reason::kNotAllowed:
    case Reason::kNotUnderstood:
      break;
  }
  return ErrorCode::kPermissionDenied;
}

Decision Decide(const Facts& facts, const Request& request, WallTime now) {
  Decision decision;
  bool is_by_operations = false;
  const Answer answer = AnswerAt(facts, request, now, [&](const AssignmentFact& assignment) {
    decision.basis.push_back(assignment.id);
    is_by_operations |= assignment.post == Post::kOperations;
  });
  decision.effect = answer.effect;
  decision.reason = answer.reason;
  if (decision.permits() && IsAboutPictures(request.action)) {
    decision.obligations.push_back(Obligation::kRecordViewing);
    if (is_by_operations) decision.obligations.push_back(Obligation::kShortViewing);
  }
  if (decision.permits() && IsAboutTheTrail(request.action)) {
    decision.obligations.push_back(Obligation::kRecordReading);
  }
  decision.changes_at = FirstChange(facts, request, answer, now);
  return decision;
}

Visibility VisibilityOf(const Facts& facts, PersonId person, const Resource& resource,
                        WallTime now) {
  if (IsGone(facts, person, now)) return Visibility::kNone;
  Visibility deepest = Visibility::kNone;
  for (const AssignmentFact& assignment : facts.AssignmentsOf(person)) {
    if (!Counts(facts, assignment, now)) continue;
    deepest = std::max(deepest, SightOf(facts, assignment, resource, now));
  }
  return deepest;
}

}  // namespace yagura::access_control
