#include <pqxx/pqxx>

#include "core/pg/values.h"
#include "office/store_pg.h"

namespace yagura::office {
namespace {

// Columns as in the sheet's form (sheets.cc).
const char* SelectOf(Sheet sheet) {
  switch (sheet) {
    case Sheet::kPlaces:
      return R"(
        SELECT code, name, '' FROM site
        UNION ALL SELECT site.code || '/' || building.code, building.name, ''
          FROM building JOIN site ON site.id = site_id
        UNION ALL SELECT site.code || '/' || building.code || '/' || floor.code, floor.name,
          ordinal::text FROM floor JOIN building ON building.id = building_id
          JOIN site ON site.id = site_id)";
    case Sheet::kUnits:
      return R"(
        SELECT unit.code, coalesce(above.code, ''), unit.name, unit.valid_from, unit.valid_to, (
          SELECT coalesce(string_agg(successor.code, ' ' ORDER BY successor.code COLLATE "C"), '')
          FROM unit_succession JOIN unit AS successor ON successor.id = successor_id
          WHERE unit_id = unit.id)
        FROM unit LEFT JOIN unit AS above ON above.id = unit.parent_id)";
    case Sheet::kPeople:
      return "SELECT username, name, disabled_at FROM person";
    case Sheet::kAssignments:
      return R"(
        SELECT username, post, unit.code, assignment.valid_from, assignment.valid_to
        FROM assignment JOIN person ON person.id = person_id JOIN unit ON unit.id = unit_id)";
    case Sheet::kPhases:
      return "SELECT code, name, starts_at FROM phase";
    case Sheet::kCameras:
      return R"(
        SELECT camera.code, camera.name, coalesce(phase.code, ''), coalesce(main.url, ''),
          coalesce(main.transport, ''), coalesce(sub.url, '-'), CASE WHEN sub.record_sub THEN 'yes' ELSE 'no' END
        FROM camera LEFT JOIN phase ON phase.id = phase_id
        LEFT JOIN camera_stream AS main ON main.camera_id = camera.id AND main.stream = 'main'
        LEFT JOIN camera_stream AS sub ON sub.camera_id = camera.id AND sub.stream = 'sub')";
    case Sheet::kPlacements:
      return R"(
        SELECT camera.code, site.code || '/' || building.code || '/' || floor.code, valid_from, valid_to
        FROM placement JOIN camera ON camera.id = camera_id JOIN floor ON floor.id = floor_id
        JOIN building ON building.id = building_id JOIN site ON site.id = site_id)";
    case Sheet::kCharges:
      return R"(
        SELECT camera.code, unit.code, charge.valid_from, charge.valid_to FROM charge
        JOIN camera ON camera.id = camera_id JOIN unit ON unit.id = unit_id)";
    case Sheet::kStates:
      break;
  }
  return R"(
    SELECT code, state, valid_from, valid_to, note FROM camera_state
    JOIN camera ON camera.id = camera_id)";
}

Row ReadRow(Sheet sheet, const pqxx::row& stored, const OfficeCalendar& calendar) {
  Row row;
  const auto columns = FormOf(sheet).columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto field = stored[static_cast<pqxx::row::size_type>(i)];
    if (columns[i].kind != Kind::kInstant || field.is_null()) {
      row.cells.emplace_back(field.is_null() ? "" : field.c_str());
      continue;
    }
    const WallTime instant = pg::TimeOf(field.c_str());
    row.cells.push_back(WriteInstant(instant, calendar));
    if (columns[i].name == "from") row.valid.from = instant;
    if (columns[i].name == "to") row.valid.to = instant;
  }
  return row;
}

}  // namespace

Office ReadStored(pqxx::transaction_base& transaction, const OfficeCalendar& calendar) {
  Office office;
  for (const Sheet sheet : kAllSheets) {
    for (const auto& row : transaction.exec(SelectOf(sheet))) {
      office[sheet].rows.push_back(ReadRow(sheet, row, calendar));
    }
  }
  SortRows(office);
  return office;
}

}  // namespace yagura::office
