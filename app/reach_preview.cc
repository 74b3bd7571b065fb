#include "app/reach_preview.h"

#include <algorithm>
#include <utility>

#include "app/office_preview.h"
#include "office/reach.h"
#include "office/store_pg.h"

namespace yagura::app {

using office::Office;
using office::Row;
using office::Sheet;

Result<Office> ReadOffice(const FactChange& facts) {
  return facts.pool().ReadFor<Office>([&](auto& transaction) -> Result<Office> {
    return office::ReadStored(transaction, facts.calendar());
  });
}

Result<std::vector<std::string>> TellReachOf(const Office& stored, const Alteration& alter,
                                             const FactChange& facts) {
  Office wanted = stored;
  alter(wanted);
  ASSIGN_OR_RETURN(const auto changes, office::CompareReach(stored, wanted, facts.now()));
  return TellReach(changes, facts.calendar(), facts.say());
}

int TellPreview(const VerbContext& context, const std::vector<std::string>& reach) {
  for (const std::string& line : reach) context.Tell(line);
  context.Tell(context.say("preview.nothing_done"));
  return 0;
}

bool Knows(const Office& office, Sheet sheet, const std::string& key) {
  return std::ranges::any_of(office[sheet].rows,
                             [&](const Row& row) { return row.cells.front() == key; });
}

Alteration WithAssignment(std::vector<std::string> person_post_unit, WallRange valid) {
  return [cells = std::move(person_post_unit), valid](Office& office) {
    Row row{cells, valid};
    row.cells.resize(office::FormOf(Sheet::kAssignments).columns.size());
    office[Sheet::kAssignments].rows.push_back(row);
  };
}

Alteration WithAssignmentEnded(std::vector<std::string> person_post_unit, WallTime from,
                               WallTime at) {
  return [cells = std::move(person_post_unit), from, at](Office& office) {
    for (Row& row : office[Sheet::kAssignments].rows) {
      const bool same = std::equal(cells.begin(), cells.end(), row.cells.begin());
      if (same && row.valid.from == from) row.valid.to = at;
    }
  };
}

Alteration WithPersonDisabled(std::string username) {
  return [username = std::move(username)](Office& office) {
    for (Row& row : office[Sheet::kPeople].rows) {
      if (row.cells.front() != username) continue;
      row.cells[office::ColumnOf(Sheet::kPeople, "disabled")] = "now";
    }
  };
}

}  // namespace yagura::app
