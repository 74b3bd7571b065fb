#include "access_control/organisation.h"

#include <algorithm>
#include <string>
#include <utility>

namespace yagura::access_control {
namespace {

/// Without a comparison of their own: facts are ordered by their start alone.
constexpr auto kByStart = [](const auto& a, const auto& b) { return a.valid.from < b.valid.from; };

template <class Key, class Node>
Node* Find(std::unordered_map<Key, Node>& nodes, const Key& key) {
  const auto found = nodes.find(key);
  return found == nodes.end() ? nullptr : &found->second;
}
template <class Key, class Node>
const Node* Find(const std::unordered_map<Key, Node>& nodes, const Key& key) {
  const auto found = nodes.find(key);
  return found == nodes.end() ? nullptr : &found->second;
}

template <class IdType>
tl::unexpected<Error> Contradiction(std::string_view what, const IdType& id) {
  return Failure(ErrorCode::kDataLoss, "facts: " + std::string(what) + " " + ToString(id));
}

}  // namespace

std::string_view ToString(Post post) {
  switch (post) {
    case Post::kDepartmentHead:
      return "department_head";
    case Post::kGeneralManager:
      return "general_manager";
    case Post::kCrisisManagement:
      return "crisis_management";
    case Post::kOperations:
      return "operations";
    case Post::kAuditor:
      return "auditor";
    case Post::kAdministrator:
      return "administrator";
    case Post::kUnknown:
      break;
  }
  return "unknown";
}

Post ParsePost(std::string_view text) {
  for (const Post post : {Post::kDepartmentHead, Post::kGeneralManager, Post::kCrisisManagement,
                          Post::kOperations, Post::kAuditor, Post::kAdministrator}) {
    if (ToString(post) == text) return post;
  }
  return Post::kUnknown;
}

CameraState ParseCameraState(std::string_view text) {
  if (text == "planned") return CameraState::kPlanned;
  if (text == "staged") return CameraState::kStaged;
  if (text == "accepted") return CameraState::kAccepted;
  if (text == "in_service") return CameraState::kInService;
  if (text == "suspended") return CameraState::kSuspended;
  if (text == "retired") return CameraState::kRetired;
  return CameraState::kUnknown;
}

Result<std::shared_ptr<const Facts>> Facts::Build(FactSet set) {
  std::shared_ptr<Facts> facts(new Facts());
  facts->set_ = std::move(set);
  RETURN_IF_ERROR(facts->IndexUnits());
  RETURN_IF_ERROR(facts->IndexSuccessions());
  RETURN_IF_ERROR(facts->IndexCameras());
  RETURN_IF_ERROR(facts->IndexPersons());
  return std::shared_ptr<const Facts>(std::move(facts));
}

Result<void> Facts::IndexUnits() {
  for (std::size_t i = 0; i < set_.units.size(); ++i) {
    if (!units_.emplace(set_.units[i].id, UnitNode{i, 0, 0, 0, {}}).second) {
      return Contradiction("twice the unit", set_.units[i].id);
    }
  }
  for (const UnitFact& unit : set_.units) {
    if (unit.parent && !units_.contains(*unit.parent)) {
      return Contradiction("no parent of the unit", unit.id);
    }
  }
  NumberTrees();
  for (const UnitFact& unit : set_.units) {  // a circle hangs on no root and was never reached
    if (Find(units_, unit.id)->leave == 0)
      return Contradiction("below itself is the unit", unit.id);
  }
  return {};
}

void Facts::NumberTrees() {
  std::unordered_map<UnitId, std::vector<UnitId>> children;
  std::vector<std::pair<UnitId, bool>> open;  // with a mark on the way up
  for (const UnitFact& unit : set_.units) {
    if (unit.parent) {
      children[*unit.parent].push_back(unit.id);
    } else {
      open.emplace_back(unit.id, false);
    }
  }
  std::uint32_t next = 1;
  while (!open.empty()) {
    const auto [id, is_done] = open.back();
    open.pop_back();
    UnitNode& node = *Find(units_, id);
    if (is_done) {
      node.leave = next;
      continue;
    }
    const auto& parent = set_.units[node.index].parent;
    node.enter = next++;
    node.root = parent ? Find(units_, *parent)->root : node.enter;
    open.emplace_back(id, true);
    for (const UnitId& child : children[id]) open.emplace_back(child, false);
  }
}

Result<void> Facts::IndexSuccessions() {
  for (const SuccessionFact& succession : set_.successions) {
    UnitNode* const node = Find(units_, succession.unit);
    const UnitFact* const heir = FindUnit(succession.successor);
    if (node == nullptr) return Contradiction("a successor of the unknown unit", succession.unit);
    if (heir == nullptr) return Contradiction("the unknown successor", succession.successor);
    const bool outlasts = heir->valid.to > set_.units[node->index].valid.to;
    if (outlasts && HaveSameController(succession.unit, succession.successor)) {
      node->successors.push_back(succession.successor);
    }
  }
  return {};
}

Result<void> Facts::IndexCameras() {
  for (const CameraId& camera : set_.cameras) cameras_.emplace(camera, CameraNode{});
  for (const FloorId& floor : set_.floors) floors_.emplace(floor, std::vector<PlacementFact>{});
  for (const ChargeFact& charge : set_.charges) {
    CameraNode* const node = Find(cameras_, charge.camera);
    if (node == nullptr) return Contradiction("a charge of the unknown camera", charge.camera);
    if (!units_.contains(charge.unit))
      return Contradiction("a charge of the unknown unit", charge.unit);
    node->charges.push_back(charge);
  }
  for (const CameraStateFact& state : set_.camera_states) {
    CameraNode* const node = Find(cameras_, state.camera);
    if (node == nullptr) return Contradiction("a state of the unknown camera", state.camera);
    node->states.push_back(state);
  }
  for (const PlacementFact& placement : set_.placements) {
    CameraNode* const node = Find(cameras_, placement.camera);
    auto* const floor = Find(floors_, placement.floor);
    if (node == nullptr)
      return Contradiction("a placement of the unknown camera", placement.camera);
    if (floor == nullptr) return Contradiction("a placement on the unknown floor", placement.floor);
    node->placements.push_back(placement);
    floor->push_back(placement);
  }
  SortByStart();
  return {};
}

void Facts::SortByStart() {
  for (auto& [id, camera] : cameras_) {
    std::sort(camera.charges.begin(), camera.charges.end(), kByStart);
    std::sort(camera.states.begin(), camera.states.end(), kByStart);
    std::sort(camera.placements.begin(), camera.placements.end(), kByStart);
  }
  for (auto& [id, placements] : floors_) std::sort(placements.begin(), placements.end(), kByStart);
}

Result<void> Facts::IndexPersons() {
  for (const PersonFact& person : set_.persons) {
    if (!persons_.emplace(person.id, PersonNode{person, {}}).second) {
      return Contradiction("twice the person", person.id);
    }
  }
  for (const AssignmentFact& assignment : set_.assignments) {
    PersonNode* const node = Find(persons_, assignment.person);
    if (node == nullptr) return Contradiction("a post of the unknown person", assignment.person);
    if (!units_.contains(assignment.unit)) {
      return Contradiction("a post in the unknown unit", assignment.unit);
    }
    node->assignments.push_back(assignment);
  }
  return {};
}

bool Facts::IsWithin(UnitId unit, UnitId node) const {
  const UnitNode* const inner = Find(units_, unit);
  const UnitNode* const outer = Find(units_, node);
  if (inner == nullptr || outer == nullptr) return false;
  return outer->enter <= inner->enter && inner->enter < outer->leave;
}

bool Facts::IsHeldWithin(UnitId unit, UnitId node, WallTime now) const {
  const auto successors = SuccessorsOf(unit);
  const UnitFact* const fact = FindUnit(unit);
  if (successors.empty() || now < fact->valid.to) return IsWithin(unit, node);
  // Ends: each lasts longer than the one before.
  return std::any_of(successors.begin(), successors.end(),
                     [&](UnitId successor) { return IsHeldWithin(successor, node, now); });
}

std::span<const UnitId> Facts::SuccessorsOf(UnitId unit) const {
  const UnitNode* const node = Find(units_, unit);
  return node == nullptr ? std::span<const UnitId>() : node->successors;
}

bool Facts::HaveSameController(UnitId a, UnitId b) const {
  const UnitNode* const one = Find(units_, a);
  const UnitNode* const other = Find(units_, b);
  return one != nullptr && other != nullptr && one->root == other->root;
}

const UnitFact* Facts::FindUnit(UnitId id) const {
  const UnitNode* const node = Find(units_, id);
  return node == nullptr ? nullptr : &set_.units[node->index];
}

const PersonFact* Facts::FindPerson(PersonId id) const {
  const PersonNode* const node = Find(persons_, id);
  return node == nullptr ? nullptr : &node->fact;
}

std::span<const AssignmentFact> Facts::AssignmentsOf(PersonId person) const {
  const PersonNode* const node = Find(persons_, person);
  return node == nullptr ? std::span<const AssignmentFact>() : node->assignments;
}

std::span<const ChargeFact> Facts::ChargesOf(CameraId camera) const {
  const CameraNode* const node = Find(cameras_, camera);
  return node == nullptr ? std::span<const ChargeFact>() : node->charges;
}

std::span<const CameraStateFact> Facts::StatesOf(CameraId camera) const {
  const CameraNode* const node = Find(cameras_, camera);
  return node == nullptr ? std::span<const CameraStateFact>() : node->states;
}

std::span<const PlacementFact> Facts::PlacementsOf(CameraId camera) const {
  const CameraNode* const node = Find(cameras_, camera);
  return node == nullptr ? std::span<const PlacementFact>() : node->placements;
}

std::span<const PlacementFact> Facts::PlacementsOn(FloorId floor) const {
  const auto* const placements = Find(floors_, floor);
  return placements == nullptr ? std::span<const PlacementFact>() : *placements;
}

}  // namespace yagura::access_control
