#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.h"
#include "core/time.h"
#include "office/sheets.h"

namespace yagura::office {

/// A row of a sheet. Cells stand in the order of the sheet's columns, each written in the one way
/// in which an export writes it, so that equal cells are equal texts.
struct Row {
  std::vector<std::string> cells{};
  /// Of a dated sheet: WallTime::min() without `from`, WallTime::max() without `to`.
  WallRange valid{WallTime::min(), WallTime::max()};
  int line = 0;         // in its file, from 1; 0 where it comes from the database
  bool faulty = false;  // a cell was refused and is empty; further checks leave the row out
};

/// A whole office: every place, unit, person and camera, and every dated fact about them, past,
/// present and to come.
struct Office {
  struct Table {
    std::vector<Row> rows;
    /// How its file calls the columns; by their own names where empty, or where the file lacks one.
    std::vector<std::string> headings;
    bool readable = true;  // false: there may be more rows, in a file that could not be read whole
  };
  std::array<Table, kSheetCount> tables;

  [[nodiscard]] Table& operator[](Sheet sheet) { return tables[IndexOf(sheet)]; }
  [[nodiscard]] const Table& operator[](Sheet sheet) const { return tables[IndexOf(sheet)]; }
  [[nodiscard]] std::string HeadingOf(Sheet sheet, std::size_t column) const;
};

[[nodiscard]] inline const std::string& CellOf(Sheet sheet, const Row& row,
                                               std::string_view column) {
  return row.cells[ColumnOf(sheet, column)];
}
/// What names a row in its sheet: its key cells, for comparing and looking up.
[[nodiscard]] std::string KeyOf(Sheet sheet, const Row& row);
/// The same for people: "1F-03, 2027-04-01".
[[nodiscard]] std::string TitleOf(Sheet sheet, const Row& row);

/// Puts all rows in the order of an export: by their key cells, dated ones by when they begin.
void SortRows(Office& office);

/// A sheet as a file: UTF-8 with a byte order mark, CRLF, rows as they are in `office`.
[[nodiscard]] std::string WriteSheet(const Office& office, Sheet sheet);

/// How an instant stands in a cell: a date where it is the office's midnight, "" for a range's open
/// end, else RFC 3339 with the office's offset.
[[nodiscard]] std::string WriteInstant(WallTime time, const OfficeCalendar& calendar);
/// Reads that, and what spreadsheets make of it: 2027-04-01, 2027/4/1, 2027/4/1 9:30,
/// 2027-04-01 09:30:15 (the office's time), RFC 3339 with any offset; years 1900 to 2999.
[[nodiscard]] std::optional<WallTime> ReadInstant(std::string_view text,
                                                  const OfficeCalendar& calendar);

}  // namespace yagura::office
