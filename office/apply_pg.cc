#include <algorithm>
#include <pqxx/pqxx>

#include "access_control/audit.h"
#include "core/json.h"
#include "core/pg/values.h"
#include "office/statements.h"
#include "office/store_pg.h"

namespace yagura::office {
namespace {

using access_control::AuditEvent;

AuditEvent EventOf(const RowChange& change) {
  const bool added = !change.before.has_value();
  switch (change.sheet) {
    case Sheet::kPlaces:
      return added ? AuditEvent::kPlaceAdded : AuditEvent::kPlaceChanged;
    case Sheet::kUnits:
      return added ? AuditEvent::kUnitAdded : AuditEvent::kUnitChanged;
    case Sheet::kPeople:
      return added ? AuditEvent::kPersonAdded : AuditEvent::kPersonChanged;
    case Sheet::kAssignments:
      return added ? AuditEvent::kAssignmentAdded : AuditEvent::kAssignmentEnded;
    case Sheet::kPhases:
      return added ? AuditEvent::kPhaseAdded : AuditEvent::kPhaseChanged;
    case Sheet::kCameras:
      return added ? AuditEvent::kCameraAdded : AuditEvent::kCameraChanged;
    case Sheet::kCharges:
      return AuditEvent::kChargeChanged;
    case Sheet::kPlacements:
    case Sheet::kStates:
      break;
  }
  return AuditEvent::kCameraChanged;
}

/// Of a place: 0 a site, 1 a building, 2 a floor.
int KindOfPlace(const Row& row) {
  return static_cast<int>(std::ranges::count(row.cells.front(), '/'));
}

/// How far below the root a unit will be: above it, every unit is changed first.
int DepthOf(const std::map<std::string, std::string>& parents, std::string unit) {
  int depth = 0;
  for (auto at = parents.find(unit); at != parents.end() && depth < 1000; ++depth) {
    unit = at->second;
    at = parents.find(unit);
  }
  return depth;
}

class Applier {
 public:
  Applier(pqxx::transaction_base& transaction, const OfficeCalendar& calendar,
          const std::string& user)
      : transaction_(transaction), calendar_(calendar), user_(user) {}

  Result<void> Apply(const Comparison& comparison) {
    for (const Sheet sheet : kAllSheets) RETURN_IF_ERROR(ApplySheet(comparison, sheet));
    AddRecord(AuditEvent::kOfficeImported,
              Json::Object({{"changes", static_cast<std::int64_t>(comparison.changes.size())}}));
    StoreRecords();
    return {};
  }

 private:
  using Changes = std::vector<const RowChange*>;

  Result<void> ApplySheet(const Comparison& comparison, Sheet sheet) {
    Changes added;
    Changes changed;
    for (const RowChange& change : comparison.changes) {
      if (change.sheet == sheet) (change.before ? changed : added).push_back(&change);
    }
    if (sheet == Sheet::kPlaces) return ApplyPlaces(added, changed);
    // Units that are added may be the new parents of others, which are changed from the top down.
    if (sheet == Sheet::kUnits) {
      RETURN_IF_ERROR(Insert(InsertOf(sheet), sheet, added));
      SortFromTheTop(changed);
      return Update(sheet, changed);
    }
    // What ends earlier makes room for what ends later, and both for what begins.
    std::stable_partition(changed.begin(), changed.end(), [](const RowChange* change) {
      return change->after.valid.to < change->before->valid.to;
    });
    RETURN_IF_ERROR(Update(sheet, changed));
    return Insert(InsertOf(sheet), sheet, added);
  }

  Result<void> ApplyPlaces(const Changes& added, const Changes& changed) {
    for (int kind = 0; kind < kPlaceKinds; ++kind) {
      Changes of_kind;
      std::ranges::copy_if(added, std::back_inserter(of_kind), [kind](const RowChange* change) {
        return KindOfPlace(change->after) == kind;
      });
      RETURN_IF_ERROR(Insert(InsertPlaces(kind), Sheet::kPlaces, of_kind));
    }
    for (const RowChange* change : changed) {
      RETURN_IF_ERROR(UpdateOne(UpdatePlace(KindOfPlace(change->after)), *change));
    }
    return {};
  }

  void SortFromTheTop(Changes& changed) const {
    std::map<std::string, std::string> parents;
    for (const RowChange* change : changed) {
      parents.emplace(change->after.cells.front(), CellOf(Sheet::kUnits, change->after, "parent"));
    }
    std::ranges::stable_sort(changed, {}, [&](const RowChange* change) {
      return DepthOf(parents, change->after.cells.front());
    });
  }

  Result<void> Insert(const char* statement, Sheet sheet, const Changes& added) {
    if (added.empty()) return {};
    const auto columns = FormOf(sheet).columns;
    std::vector<std::string> arrays;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      pg::ArrayParameter array;
      for (const RowChange* change : added) array.AddOrNull(Parameter(*change, i));
      arrays.push_back(array.Text());
    }
    const auto rows =
        transaction_.exec_params(statement, pqxx::prepare::make_dynamic_params(arrays));
    if (rows.size() != added.size()) return Mismatch(sheet);
    for (const auto& row : rows) AddRecord(EventOf(*added.front()), Parsed(row));
    return {};
  }

  Result<void> Update(Sheet sheet, const Changes& changed) {
    for (const RowChange* change : changed) RETURN_IF_ERROR(UpdateOne(UpdateOf(sheet), *change));
    return {};
  }

  Result<void> UpdateOne(const char* statement, const RowChange& change) {
    std::vector<std::optional<std::string>> values;
    for (std::size_t i = 0; i < change.after.cells.size(); ++i) {
      values.push_back(Parameter(change, i));
    }
    const auto rows =
        transaction_.exec_params(statement, pqxx::prepare::make_dynamic_params(values));
    if (rows.size() != 1) return Mismatch(change.sheet);
    AddRecord(EventOf(change), Parsed(rows[0]));
    return {};
  }

  /// A cell as PostgreSQL reads it; nothing where it is empty.
  [[nodiscard]] std::optional<std::string> Parameter(const RowChange& change,
                                                     std::size_t column) const {
    const std::string& cell = change.after.cells[column];
    if (cell.empty()) return std::nullopt;
    if (FormOf(change.sheet).columns[column].kind != Kind::kInstant) return cell;
    return pg::TimeParameter(ReadInstant(cell, calendar_).value());
  }

  static Json Parsed(const pqxx::row& row) {
    return Json::Parse(row[0].c_str()).value_or(Json::Object());
  }

  void AddRecord(AuditEvent event, const Json& what) {
    Json body = Json::Object({{"actor", "operator at console"}, {"user", user_}});
    for (const std::string& member : what.members()) body.Set(member, what.Get(member));
    events_.Add(ToString(event));
    bodies_.Add(body.Dump());
  }

  void StoreRecords() {
    transaction_.exec_params(
        "SELECT audit_append(event, body) FROM unnest($1::text[], $2::text[]) "
        "WITH ORDINALITY AS new (event, body, number) ORDER BY number",
        events_.Text(), bodies_.Text());
  }

  static Result<void> Mismatch(Sheet sheet) {
    return Failure(ErrorCode::kInternal, "rows of " + std::string(FormOf(sheet).file) +
                                             " that were compared are not those that are stored");
  }

  pqxx::transaction_base& transaction_;
  const OfficeCalendar& calendar_;
  const std::string& user_;
  pg::ArrayParameter events_;
  pg::ArrayParameter bodies_;
};

}  // namespace

void LockOffice(pqxx::transaction_base& transaction) { transaction.exec("SELECT lock_facts()"); }

Result<void> ApplyComparison(pqxx::transaction_base& transaction, const Comparison& comparison,
                             const OfficeCalendar& calendar, const std::string& user) {
  return Applier(transaction, calendar, user).Apply(comparison);
}

}  // namespace yagura::office
