#include "office/check_cameras.h"

#include <algorithm>
#include <map>

#include "fleet/camera.h"

namespace yagura::office {
namespace {

using fleet::CameraState;
using RowsByCamera = std::map<std::string, std::vector<const Row*>>;

/// By camera, and then by time.
RowsByCamera Group(const Office& office, Sheet sheet) {
  RowsByCamera groups;
  for (const Row& row : office[sheet].rows) groups[row.cells.front()].push_back(&row);
  for (auto& [camera, rows] : groups) {
    std::ranges::stable_sort(rows, {}, [](const Row* row) { return row->valid.from; });
  }
  return groups;
}

bool AnyFaulty(const std::vector<const Row*>& rows) {
  return std::ranges::any_of(rows, &Row::faulty);
}

CameraState StateOf(const Row& row) {
  return fleet::ParseCameraState(CellOf(Sheet::kStates, row, "state"))
      .value_or(CameraState::kPlanned);
}

/// Whether `rows`, which are by time, leave no part of `range` out.
bool Cover(const std::vector<const Row*>& rows, const WallRange& range) {
  WallTime covered = range.from;
  for (const Row* row : rows) {
    if (row->valid.from <= covered) covered = std::max(covered, row->valid.to);
  }
  return covered >= range.to;
}

class CameraCheck {
 public:
  explicit CameraCheck(const Office& office)
      : office_(office),
        states_(Group(office, Sheet::kStates)),
        placements_(Group(office, Sheet::kPlacements)),
        charges_(Group(office, Sheet::kCharges)) {}

  Problems Run() {
    for (const Row& camera : office_[Sheet::kCameras].rows) {
      const auto states = states_.find(camera.cells.front());
      if (states != states_.end()) {
        CheckStates(camera.cells.front(), states->second);
      } else if (office_[Sheet::kStates].readable && !camera.faulty) {
        Report(ProblemOf(Sheet::kCameras, camera, Fault::kStateless, camera.cells.front()));
      }
    }
    return std::move(problems_);
  }

 private:
  void CheckStates(const std::string& camera, const std::vector<const Row*>& states) {
    if (AnyFaulty(states) || !office_[Sheet::kStates].readable) return;
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (i > 0) CheckStep(*states[i - 1], *states[i]);
      if (fleet::IsRecorded(StateOf(*states[i]))) CheckStands(camera, *states[i]);
      if (StateOf(*states[i]) == CameraState::kRetired) CheckRetired(camera, *states[i]);
    }
  }

  void CheckStep(const Row& before, const Row& after) {
    if (fleet::MayFollow(StateOf(before), StateOf(after))) return;
    Report(ProblemIn(office_, Sheet::kStates, after, "state", Fault::kBadStep,
                     CellOf(Sheet::kStates, before, "state")));
  }

  void CheckStands(const std::string& camera, const Row& state) {
    for (const auto& [sheet, groups] :
         {std::pair{Sheet::kPlacements, &placements_}, {Sheet::kCharges, &charges_}}) {
      if (!office_[sheet].readable) continue;
      const auto rows = groups->find(camera);
      if (rows != groups->end() && (AnyFaulty(rows->second) || Cover(rows->second, state.valid))) {
        continue;
      }
      Report(ProblemIn(office_, Sheet::kStates, state, "state", Fault::kUnplaced,
                       std::string(FormOf(sheet).file)));
    }
  }

  void CheckRetired(const std::string& camera, const Row& retired) {
    for (const auto& [sheet, groups] :
         {std::pair{Sheet::kPlacements, &placements_}, {Sheet::kCharges, &charges_}}) {
      const auto rows = groups->find(camera);
      if (rows == groups->end()) continue;
      for (const Row* row : rows->second) {
        if (row->faulty || row->valid.to <= retired.valid.from) continue;
        Report(ProblemIn(office_, sheet, *row, "to", Fault::kRetired,
                         CellOf(Sheet::kStates, retired, "from")));
      }
    }
  }

  void Report(Problem problem) { problems_.push_back(std::move(problem)); }

  const Office& office_;
  const RowsByCamera states_, placements_, charges_;
  Problems problems_;
};

}  // namespace

Problems CheckCameras(const Office& office) { return CameraCheck(office).Run(); }

}  // namespace yagura::office
