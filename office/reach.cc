#include "office/reach.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "access_control/decide.h"
#include "office/cell.h"

namespace yagura::office {
namespace {

using access_control::Facts;
using access_control::FactSet;

/// An id for each name, the same whenever it is asked for.
template <class IdType>
class Ids {
 public:
  IdType Of(const std::string& name) {
    const auto found = ids_.find(name);
    return found != ids_.end() ? found->second : ids_.emplace(name, NewId<IdType>()).first->second;
  }

 private:
  std::map<std::string, IdType> ids_;
};

/// One office's facts, as decisions read them.
class FactsMaker {
 public:
  explicit FactsMaker(const Office& office) : office_(office) {}

  FactSet Make() {
    for (const Row& row : Rows(Sheet::kUnits)) AddUnit(row);
    for (const Row& row : Rows(Sheet::kCameras)) set_.cameras.push_back(cameras_.Of(row.cells[0]));
    for (const Row& row : Rows(Sheet::kCharges)) {
      set_.charges.push_back({cameras_.Of(row.cells[0]), units_.Of(row.cells[1]), row.valid});
    }
    for (const Row& row : Rows(Sheet::kStates)) {
      set_.camera_states.push_back(
          {cameras_.Of(row.cells[0]), access_control::ParseCameraState(row.cells[1]), row.valid});
    }
    for (const Row& row : Rows(Sheet::kPeople))
      set_.persons.push_back({people_.Of(row.cells[0]), {}});
    for (const Row& row : Rows(Sheet::kAssignments)) {
      set_.assignments.push_back({NewId<AssignmentId>(), people_.Of(row.cells[0]),
                                  access_control::ParsePost(row.cells[1]), units_.Of(row.cells[2]),
                                  row.valid});
    }
    return std::move(set_);
  }
  Ids<CameraId> cameras_;
  Ids<PersonId> people_;
  Ids<UnitId> units_;

 private:
  [[nodiscard]] const std::vector<Row>& Rows(Sheet sheet) const { return office_[sheet].rows; }
  void AddUnit(const Row& row) {
    access_control::UnitFact unit{units_.Of(row.cells[0]), std::nullopt, row.valid};
    const std::string& parent = CellOf(Sheet::kUnits, row, "parent");
    if (!parent.empty()) unit.parent = units_.Of(parent);
    set_.units.push_back(unit);
    for (const std::string& code : CodesIn(CellOf(Sheet::kUnits, row, "successors"))) {
      set_.successions.push_back({unit.id, units_.Of(code)});
    }
  }

  const Office& office_;
  FactSet set_;
};

/// Who (username) and of what (code of the closed unit, or nothing).
using Who = std::pair<std::string, std::string>;
using Codes = std::set<std::string>;

/// An office that can be asked who sees what.
class Sight {
 public:
  static Result<Sight> Of(const Office& office) {
    FactsMaker maker(office);
    ASSIGN_OR_RETURN(auto facts, Facts::Build(maker.Make()));
    Sight sight;
    for (const Row& row : office[Sheet::kCameras].rows) {
      sight.cameras_.emplace(row.cells[0], maker.cameras_.Of(row.cells[0]));
    }
    for (const Row& row : office[Sheet::kPeople].rows) {
      if (!CellOf(Sheet::kPeople, row, "disabled").empty()) continue;
      sight.people_.emplace(row.cells[0], maker.people_.Of(row.cells[0]));
    }
    for (const Row& row : office[Sheet::kUnits].rows) {
      sight.units_.emplace(maker.units_.Of(row.cells[0]), row.cells[0]);
    }
    sight.facts_ = std::move(facts);
    return sight;
  }

  /// Codes of the cameras that each person sees the pictures of.
  [[nodiscard]] std::map<Who, Codes> At(WallTime at) const {
    std::map<Who, Codes> seen;
    for (const auto& [code, camera] : cameras_) {
      if (InService(camera, at)) {
        const auto unit = InCharge(camera, at);
        if (unit) See(code, {camera, *unit, {at, at + kInstant}}, "", at, seen);
      }
      for (const auto& charge : facts_->ChargesOf(camera)) {
        if (facts_->FindUnit(charge.unit)->valid.to > at || charge.valid.to > at) continue;
        const access_control::Footage last{
            camera, charge.unit, {charge.valid.to - kInstant, charge.valid.to}};
        See(code, last, units_.at(charge.unit), at, seen);
      }
    }
    return seen;
  }

  void AddInstants(WallTime now, std::set<WallTime>& into) const {
    const auto see = [&](const auto& dated) {
      for (const auto& fact : dated) {
        if (fact.valid.from > now) into.insert(fact.valid.from);
        if (fact.valid.to > now && fact.valid.to != WallTime::max()) into.insert(fact.valid.to);
      }
    };
    see(facts_->set().units);
    see(facts_->set().charges);
    see(facts_->set().camera_states);
    see(facts_->set().assignments);
  }

 private:
  static constexpr std::chrono::microseconds kInstant{1};

  void See(const std::string& code, const access_control::Footage& footage,
           const std::string& past_of, WallTime at, std::map<Who, Codes>& seen) const {
    for (const auto& [username, person] : people_) {
      const access_control::Request request{person, access_control::Action::kFootagePlay, footage};
      const bool permits = access_control::Decide(*facts_, request, at).permits();
      if (permits) seen[{username, past_of}].insert(code);
    }
  }
  [[nodiscard]] bool InService(CameraId camera, WallTime at) const {
    return std::ranges::any_of(facts_->StatesOf(camera), [&](const auto& state) {
      return state.state == access_control::CameraState::kInService &&
             access_control::Contains(state.valid, at);
    });
  }
  [[nodiscard]] std::optional<UnitId> InCharge(CameraId camera, WallTime at) const {
    for (const auto& charge : facts_->ChargesOf(camera)) {
      if (access_control::Contains(charge.valid, at)) return charge.unit;
    }
    return std::nullopt;
  }

  std::shared_ptr<const Facts> facts_;
  std::map<std::string, CameraId> cameras_;
  std::map<std::string, PersonId> people_;
  std::map<UnitId, std::string> units_;
};

using Difference = std::map<std::pair<Who, bool>, Codes>;

/// By person and whether they gain, the cameras that only one of the two offices shows.
Difference DifferenceAt(const Sight& before, const Sight& after, WallTime at) {
  Difference difference;
  const auto seen_before = before.At(at);
  const auto seen_after = after.At(at);
  const auto add_what_lacks = [&](const auto& has, const auto& lacks, bool gains) {
    for (const auto& [who, cameras] : has) {
      const auto other = lacks.find(who);
      for (const std::string& camera : cameras) {
        const bool common = other != lacks.end() && other->second.contains(camera);
        if (!common) difference[{who, gains}].insert(camera);
      }
    }
  };
  add_what_lacks(seen_after, seen_before, true);
  add_what_lacks(seen_before, seen_after, false);
  return difference;
}

}  // namespace

Result<std::vector<ReachChange>> CompareReach(const Office& before, const Office& after,
                                              WallTime now) {
  ASSIGN_OR_RETURN(const Sight was, Sight::Of(before));
  ASSIGN_OR_RETURN(const Sight will, Sight::Of(after));
  std::set<WallTime> instants{now};
  was.AddInstants(now, instants);
  will.AddInstants(now, instants);
  std::vector<ReachChange> changes;
  Difference told;  // differences that hold already since an earlier instant
  for (const WallTime at : instants) {
    Difference difference = DifferenceAt(was, will, at);
    for (const auto& [who, cameras] : difference) {
      const auto known = told.find(who);
      ReachChange change{at, who.first.first, who.first.second, who.second, {}};
      std::ranges::copy_if(cameras, std::back_inserter(change.cameras), [&](const auto& camera) {
        return known == told.end() || !known->second.contains(camera);
      });
      if (!change.cameras.empty()) changes.push_back(std::move(change));
    }
    told = std::move(difference);
  }
  return changes;
}

}  // namespace yagura::office
