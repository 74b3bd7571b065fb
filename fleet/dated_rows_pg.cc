#include "fleet/dated_rows_pg.h"

#include <pqxx/pqxx>

#include "core/pg/values.h"

namespace yagura::fleet {
namespace {

struct Names {
  std::string table;
  std::string column;
};

Names NamesOf(DatedTable table) {
  switch (table) {
    case DatedTable::kPlacement:
      return {"placement", "floor_id"};
    case DatedTable::kCharge:
      return {"charge", "unit_id"};
    case DatedTable::kState:
      break;
  }
  return {"camera_state", "state"};
}

/// kFailedPrecondition where the last row begins at `at` or later: closing it could not undo it.
Result<void> CheckBeginsBefore(const std::optional<DatedRow>& last, WallTime at) {
  if (!last || last->valid.from < at) return {};
  return Failure(ErrorCode::kFailedPrecondition,
                 "a change at " + FormatRfc3339(last->valid.from) +
                     " is entered already; the next one must come after it");
}

void Close(pqxx::transaction_base& transaction, DatedTable table, CameraId camera, WallTime from,
           WallTime at) {
  transaction.exec_params("UPDATE " + NamesOf(table).table +
                              " SET valid_to = $1 WHERE camera_id = $2 AND valid_from = $3",
                          pg::TimeParameter(at), ToString(camera), pg::TimeParameter(from));
}

void Insert(pqxx::transaction_base& transaction, DatedTable table, CameraId camera,
            const std::string& value, WallTime at, const std::string& note) {
  const auto [name, column] = NamesOf(table);
  const std::string into = "INSERT INTO " + name + " (camera_id, " + column + ", valid_from";
  if (table != DatedTable::kState) {
    transaction.exec_params(into + ") VALUES ($1, $2, $3)", ToString(camera), value,
                            pg::TimeParameter(at));
    return;
  }
  transaction.exec_params(into + ", note) VALUES ($1, $2, $3, $4)", ToString(camera), value,
                          pg::TimeParameter(at), note);
}

std::optional<std::string> ValueAt(const std::optional<DatedRow>& last, WallTime at) {
  if (!last || last->valid.to <= at) return std::nullopt;
  return last->value;
}

}  // namespace

Result<void> LockCamera(pqxx::transaction_base& transaction, CameraId camera) {
  const auto rows = transaction.exec_params("SELECT FROM camera WHERE id = $1 FOR NO KEY UPDATE",
                                            ToString(camera));
  if (rows.empty()) return Failure(ErrorCode::kNotFound, "no camera " + ToString(camera));
  return {};
}

std::optional<DatedRow> LastRow(pqxx::transaction_base& transaction, DatedTable table,
                                CameraId camera) {
  const auto [name, column] = NamesOf(table);
  const auto rows =
      transaction.exec_params("SELECT " + column + ", valid_from, valid_to FROM " + name +
                                  " WHERE camera_id = $1 ORDER BY valid_from DESC LIMIT 1",
                              ToString(camera));
  if (rows.empty()) return std::nullopt;
  return DatedRow{rows[0][0].c_str(),
                  {pg::TimeOf(rows[0][1].c_str()), pg::TimeOf(rows[0][2].c_str())}};
}

Result<DatedChange> ChangeFrom(pqxx::transaction_base& transaction, DatedTable table,
                               CameraId camera, const std::string& value, WallTime at,
                               const std::string& note) {
  const auto last = LastRow(transaction, table, camera);
  RETURN_IF_ERROR(CheckBeginsBefore(last, at));
  const auto before = ValueAt(last, at);
  if (before == value) return DatedChange{false, before};
  if (before) Close(transaction, table, camera, last->valid.from, at);
  Insert(transaction, table, camera, value, at, note);
  return DatedChange{true, before};
}

Result<DatedChange> CloseFrom(pqxx::transaction_base& transaction, DatedTable table,
                              CameraId camera, WallTime at) {
  const auto last = LastRow(transaction, table, camera);
  RETURN_IF_ERROR(CheckBeginsBefore(last, at));
  const auto before = ValueAt(last, at);
  if (!before) return DatedChange{};
  Close(transaction, table, camera, last->valid.from, at);
  return DatedChange{true, before};
}

}  // namespace yagura::fleet
