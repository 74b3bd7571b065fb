#include "office/check_office.h"

#include <algorithm>
#include <map>
#include <set>

#include "office/cell.h"
#include "office/check_cameras.h"

namespace yagura::office {
namespace {

class OfficeCheck {
 public:
  explicit OfficeCheck(const Office& office) : office_(office) { IndexRows(); }

  Problems Run() {
    for (const Sheet sheet : kAllSheets) {
      for (const Row& row : office_[sheet].rows) {
        if (!row.faulty) CheckRow(sheet, row);
      }
    }
    CheckUnitTree();
    CheckOverlaps();
    std::ranges::move(CheckCameras(office_), std::back_inserter(problems_));
    return std::move(problems_);
  }

 private:
  void IndexRows() {
    for (const Sheet sheet : kAllSheets) {
      for (const Row& row : office_[sheet].rows) {
        by_name_[IndexOf(sheet)].emplace(row.cells.front(), &row);
      }
    }
  }
  [[nodiscard]] const Row* Find(Sheet sheet, const std::string& name) const {
    const auto& rows = by_name_[IndexOf(sheet)];
    const auto found = rows.find(name);
    return found == rows.end() ? nullptr : found->second;
  }

  void CheckRow(Sheet sheet, const Row& row) {
    const auto [first, is_first] = keys_[IndexOf(sheet)].emplace(KeyOf(sheet, row), row.line);
    if (!is_first && first->second == 0) {
      Report(ProblemOf(sheet, row, Fault::kStored, TitleOf(sheet, row)));
    } else if (!is_first) {
      Report(
          ProblemOf(sheet, row, Fault::kTwice, TitleOf(sheet, row), std::to_string(first->second)));
    }
    if (row.valid.from >= row.valid.to)
      Report(ProblemIn(office_, sheet, row, "to", Fault::kReversed, CellOf(sheet, row, "from")));
    for (const Column& column : FormOf(sheet).columns) CheckReference(sheet, row, column);
    if (sheet == Sheet::kPlaces) CheckPlace(row);
    if (sheet == Sheet::kCameras) CheckSubStream(row);
    if (sheet == Sheet::kUnits) CheckWithin(sheet, row, "parent");
    if (sheet == Sheet::kAssignments || sheet == Sheet::kCharges) CheckWithin(sheet, row, "unit");
  }

  void CheckReference(Sheet sheet, const Row& row, const Column& column) {
    if (!column.refers || !office_[*column.refers].readable) return;
    const std::string& name = CellOf(sheet, row, column.name);
    if (column.kind == Kind::kCodes) return CheckSuccessors(row);
    if (name.empty()) return;
    if (Find(*column.refers, name) == nullptr) {
      Report(ProblemIn(office_, sheet, row, column.name, Fault::kUnknown,
                       std::string(FormOf(*column.refers).file)));
    } else if (column.kind == Kind::kPlace && std::ranges::count(name, '/') != 2) {
      Report(ProblemIn(office_, sheet, row, column.name, Fault::kNotAFloor));
    }
  }

  /// What is to be recorded is there. Where its file lacks the column, what is stored counts.
  void CheckSubStream(const Row& row) {
    const bool recorded = CellOf(Sheet::kCameras, row, "record_sub") == "yes";
    if (recorded && CellOf(Sheet::kCameras, row, "sub_url") == "-")
      Report(ProblemIn(office_, Sheet::kCameras, row, "record_sub", Fault::kNoSubStream));
  }

  /// A place lies in the one that its code names before it; floors alone have an order.
  void CheckPlace(const Row& row) {
    const std::string& code = row.cells.front();
    const std::size_t slash = code.rfind('/');
    if (slash != std::string::npos && Find(Sheet::kPlaces, code.substr(0, slash)) == nullptr) {
      Report({Fault::kUnknown, "places.csv", row.line, office_.HeadingOf(Sheet::kPlaces, 0),
              code.substr(0, slash), "places.csv"});
    }
    const bool is_floor = std::ranges::count(code, '/') == 2;
    const bool has_order = !CellOf(Sheet::kPlaces, row, "order").empty();
    if (is_floor == has_order) return;
    Report(ProblemIn(office_, Sheet::kPlaces, row, "order",
                     is_floor ? Fault::kEmpty : Fault::kUnwanted));
  }

  /// Whether the row holds only while the unit that it names exists.
  void CheckWithin(Sheet sheet, const Row& row, std::string_view column) {
    const Row* const unit = Find(Sheet::kUnits, CellOf(sheet, row, column));
    if (unit == nullptr || unit->faulty) return;
    if (unit->valid.from <= row.valid.from && row.valid.to <= unit->valid.to) return;
    Report(ProblemIn(
        office_, sheet, row, column, Fault::kOutsideUnit,
        CellOf(Sheet::kUnits, *unit, "from") + " – " + CellOf(Sheet::kUnits, *unit, "to")));
  }

  /// Successors take over at the unit's end: there must be one, and they must be there then.
  void CheckSuccessors(const Row& row) {
    const auto codes = CodesIn(CellOf(Sheet::kUnits, row, "successors"));
    if (!codes.empty() && CellOf(Sheet::kUnits, row, "to").empty()) {
      return Report(ProblemIn(office_, Sheet::kUnits, row, "successors", Fault::kNoEnd));
    }
    for (const std::string& code : codes) {
      const Row* const successor = Find(Sheet::kUnits, code);
      if (successor != nullptr && successor->faulty) continue;
      const bool can = successor != nullptr && successor->valid.from <= row.valid.to &&
                       row.valid.to < successor->valid.to && RootOf(*successor) == RootOf(row);
      if (can) continue;
      Report(ProblemIn(office_, Sheet::kUnits, row, "successors", Fault::kNoSuccessor, code));
    }
  }
  /// The controller that a unit belongs to; nothing where it lies below itself.
  [[nodiscard]] const Row* RootOf(const Row& unit) const {
    const Row* at = &unit;
    for (std::set<const Row*> above; above.insert(at).second;) {
      const Row* const parent = Find(Sheet::kUnits, CellOf(Sheet::kUnits, *at, "parent"));
      if (parent == nullptr) return at;
      at = parent;
    }
    return nullptr;
  }

  void CheckUnitTree() {
    for (const Row& row : office_[Sheet::kUnits].rows) {
      std::set<const Row*> above;
      for (const Row* at = &row; at != nullptr && above.insert(at).second;) {
        at = Find(Sheet::kUnits, CellOf(Sheet::kUnits, *at, "parent"));
        if (at == &row && !row.faulty) {
          Report(ProblemIn(office_, Sheet::kUnits, row, "parent", Fault::kBelowItself));
        }
      }
    }
  }

  /// Of one camera at most one place, unit and state at a time; a post in a unit at most once.
  void CheckOverlaps() {
    for (const Sheet sheet :
         {Sheet::kAssignments, Sheet::kPlacements, Sheet::kCharges, Sheet::kStates}) {
      std::map<std::string, std::vector<const Row*>> groups;
      for (const Row& row : office_[sheet].rows) {
        if (!row.faulty) groups[GroupOf(sheet, row)].push_back(&row);
      }
      for (auto& [name, rows] : groups) CheckGroup(sheet, rows);
    }
  }
  static std::string GroupOf(Sheet sheet, const Row& row) {
    if (sheet != Sheet::kAssignments) return row.cells.front();
    return row.cells[0] + "\x1f" + row.cells[1] + "\x1f" + row.cells[2];
  }
  void CheckGroup(Sheet sheet, std::vector<const Row*>& rows) {
    std::ranges::stable_sort(rows, {}, [](const Row* row) { return row->valid.from; });
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const bool same = rows[i]->valid.from == rows[i - 1]->valid.from;  // told as kTwice
      if (same || rows[i]->valid.from >= rows[i - 1]->valid.to) continue;
      Report(ProblemIn(office_, sheet, *rows[i], "from", Fault::kOverlap,
                       std::to_string(rows[i - 1]->line)));
    }
  }

  void Report(Problem problem) { problems_.push_back(std::move(problem)); }

  const Office& office_;
  std::array<std::map<std::string, const Row*>, kSheetCount> by_name_;  // by the first column
  std::array<std::map<std::string, int>, kSheetCount> keys_;            // and line
  Problems problems_;
};

}  // namespace

Problems CheckOffice(const Office& office) { return OfficeCheck(office).Run(); }

}  // namespace yagura::office
