#include "office/arrivals.h"

#include <algorithm>
#include <set>

namespace yagura::office {
namespace {

std::size_t Place(std::string_view column) {
  const auto columns = ArrivalsForm().columns;
  return static_cast<std::size_t>(std::ranges::find(columns, column, &Column::name) -
                                  columns.begin());
}

class ArrivalAdder {
 public:
  ArrivalAdder(WallTime at, const OfficeCalendar& calendar, Office& office)
      : at_(at), from_(WriteInstant(at, calendar)), office_(office) {}

  void Add(const Row& arrival) {
    const auto cell = [&](std::string_view column) { return arrival.cells[Place(column)]; };
    const std::string code = cell("code");
    AddRow(Sheet::kCameras, arrival,
           {code, cell("name"), cell("phase"), cell("url"), cell("transport"), cell("sub_url"),
            cell("record_sub")});
    AddDated(Sheet::kPlacements, arrival, {code, cell("floor"), from_, ""});
    AddDated(Sheet::kCharges, arrival, {code, cell("unit"), from_, ""});
    const std::string state = cell("state");
    AddDated(Sheet::kStates, arrival, {code, state.empty() ? "planned" : state, from_, "", ""});
  }

 private:
  void AddRow(Sheet sheet, const Row& arrival, std::vector<std::string> cells) {
    Row row;
    row.cells = std::move(cells);
    row.line = arrival.line;
    row.faulty = arrival.faulty;
    office_[sheet].rows.push_back(std::move(row));
  }
  void AddDated(Sheet sheet, const Row& arrival, std::vector<std::string> cells) {
    AddRow(sheet, arrival, std::move(cells));
    office_[sheet].rows.back().valid.from = at_;
  }

  const WallTime at_;
  const std::string from_;
  Office& office_;
};

}  // namespace

void AddArrivals(const Arrivals& arrivals, WallTime at, const OfficeCalendar& calendar,
                 Office& office) {
  ArrivalAdder adder(at, calendar, office);
  for (const Row& row : arrivals.table.rows) adder.Add(row);
}

Problems InFile(Problems problems, const std::string& file) {
  std::set<int> there_already;  // lines of cameras that are: what else they clash with follows
  std::erase_if(problems, [&](const Problem& problem) {
    const bool already = problem.fault == Fault::kStored || problem.fault == Fault::kTwice;
    const bool follows =
        already || problem.fault == Fault::kOverlap || problem.fault == Fault::kBadStep;
    if (already && there_already.insert(problem.line).second) return false;
    return follows && there_already.contains(problem.line);
  });
  for (Problem& problem : problems) problem.file = file;
  return problems;
}

}  // namespace yagura::office
