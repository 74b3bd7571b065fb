#include "office/compare.h"

#include <algorithm>
#include <map>
#include <set>

#include "fleet/effect.h"

namespace yagura::office {
namespace {

std::map<std::string, const Row*> ByKey(const Office& office, Sheet sheet) {
  std::map<std::string, const Row*> rows;
  for (const Row& row : office[sheet].rows) rows.emplace(KeyOf(sheet, row), &row);
  return rows;
}

std::vector<std::size_t> Differing(const Row& a, const Row& b) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < a.cells.size(); ++i) {
    if (a.cells[i] != b.cells[i]) columns.push_back(i);
  }
  return columns;
}

/// `row` with the cells of columns that its file lacks: as `stored` where it is stored.
Row Completed(Sheet sheet, const Row& row, const Row* stored) {
  Row whole = row;
  const auto columns = FormOf(sheet).columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!whole.cells[i].empty() || columns[i].when_empty.empty()) continue;
    whole.cells[i] = stored != nullptr ? stored->cells[i] : columns[i].when_empty;
  }
  return whole;
}

void CompareSheet(const Office& stored, const Office& wanted, Sheet sheet, Comparison& into) {
  auto rows = ByKey(stored, sheet);
  for (const Row& row : wanted[sheet].rows) {
    const auto found = rows.find(KeyOf(sheet, row));
    if (found == rows.end()) {
      into.changes.push_back({sheet, std::nullopt, Completed(sheet, row, nullptr), {}});
      continue;
    }
    Row after = Completed(sheet, row, found->second);
    auto columns = Differing(*found->second, after);
    if (!columns.empty()) {
      into.changes.push_back({sheet, *found->second, std::move(after), std::move(columns)});
    }
    rows.erase(found);
  }
  for (const auto& [key, row] : rows) into.gone.emplace_back(sheet, *row);
}

/// The recorder has to know of these in time.
bool IsRecordersFact(Sheet sheet) {
  return sheet == Sheet::kPlacements || sheet == Sheet::kCharges || sheet == Sheet::kStates;
}

class ChangeCheck {
 public:
  ChangeCheck(const Office& stored, const Office& wanted, WallTime now)
      : wanted_(wanted), now_(now) {
    for (const Row& row : stored[Sheet::kCameras].rows) stored_cameras_.insert(row.cells.front());
  }

  Problems Run(const Comparison& comparison) {
    for (const RowChange& change : comparison.changes) {
      change.before ? CheckChanged(change) : CheckAdded(change);
    }
    for (const auto& [sheet, row] : comparison.gone) gone_.emplace(sheet, row.cells.front());
    for (const auto& [sheet, row] : comparison.gone) {
      if (IsGoneWithItsOwner(sheet, row)) continue;
      problems_.push_back(ProblemOf(sheet, row, Fault::kGone, TitleOf(sheet, row)));
    }
    return std::move(problems_);
  }

 private:
  /// A camera's and a person's dated lines are not named beside the camera and the person.
  [[nodiscard]] bool IsGoneWithItsOwner(Sheet sheet, const Row& row) const {
    const bool of_person = sheet == Sheet::kAssignments;
    if (!of_person && !IsRecordersFact(sheet)) return false;
    const Sheet owners = of_person ? Sheet::kPeople : Sheet::kCameras;
    return gone_.contains({owners, row.cells.front()});
  }

  [[nodiscard]] WallTime EarliestOf(Sheet sheet) const {
    return IsRecordersFact(sheet) ? fleet::EarliestEffect(now_) : now_;
  }

  void CheckAdded(const RowChange& change) {
    if (!IsRecordersFact(change.sheet) || !stored_cameras_.contains(change.after.cells.front())) {
      return;
    }
    if (change.after.valid.from < EarliestOf(change.sheet)) {
      Report(change, "from", Fault::kTooEarly);
    }
  }

  void CheckChanged(const RowChange& change) {
    const auto columns = FormOf(change.sheet).columns;
    for (const std::size_t index : change.columns) {
      if (columns[index].fixed) {
        Report(change, columns[index].name, Fault::kFixed, change.before->cells[index]);
      } else if (columns[index].name == "to") {
        CheckEnd(change);
      }
    }
  }

  /// A range's end may move while both the old and the new one are to come.
  void CheckEnd(const RowChange& change) {
    const WallTime earliest = EarliestOf(change.sheet);
    if (change.before->valid.to < earliest) {
      Report(change, "to", Fault::kPast, CellOf(change.sheet, *change.before, "to"));
    } else if (change.after.valid.to < earliest) {
      Report(change, "to", Fault::kTooEarly);
    }
  }

  void Report(const RowChange& change, std::string_view column, Fault fault,
              std::string other = "") {
    problems_.push_back(
        ProblemIn(wanted_, change.sheet, change.after, column, fault, std::move(other)));
  }

  const Office& wanted_;
  const WallTime now_;
  std::set<std::string> stored_cameras_;
  std::set<std::pair<Sheet, std::string>> gone_;  // by what their lines begin with
  Problems problems_;
};

}  // namespace

Comparison Compare(const Office& stored, const Office& wanted) {
  Comparison comparison;
  for (const Sheet sheet : kAllSheets) CompareSheet(stored, wanted, sheet, comparison);
  return comparison;
}

Problems CheckComparison(const Comparison& comparison, const Office& stored, const Office& wanted,
                         WallTime now) {
  return ChangeCheck(stored, wanted, now).Run(comparison);
}

std::optional<WallTime> FirstEffect(const Comparison& comparison, WallTime now) {
  std::optional<WallTime> first;
  const auto see = [&](WallTime time) {
    if (time >= now && time < first.value_or(WallTime::max())) first = time;
  };
  for (const RowChange& change : comparison.changes) {
    if (!IsRecordersFact(change.sheet)) continue;
    see(change.after.valid.from);
    see(change.after.valid.to);
  }
  return first;
}

}  // namespace yagura::office
