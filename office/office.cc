#include "office/office.h"

#include <algorithm>

#include "office/csv.h"
#include "office/text_encoding.h"

namespace yagura::office {
namespace {

/// The key cells but for `from`, then when the row begins.
std::pair<std::vector<std::string>, WallTime> OrderOf(Sheet sheet, const Row& row) {
  const SheetForm& form = FormOf(sheet);
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < form.columns.size(); ++i) {
    if (form.columns[i].key && form.columns[i].kind != Kind::kInstant) {
      cells.push_back(row.cells[i]);
    }
  }
  return {std::move(cells), row.valid.from};
}

std::string JoinKey(Sheet sheet, const Row& row, std::string_view between) {
  const SheetForm& form = FormOf(sheet);
  std::string key;
  for (std::size_t i = 0; i < form.columns.size(); ++i) {
    if (!form.columns[i].key) continue;
    if (!key.empty()) key += between;
    key += row.cells[i];
  }
  return key;
}

}  // namespace

std::string Office::HeadingOf(Sheet sheet, std::size_t column) const {
  const Table& table = (*this)[sheet];
  const bool named = column < table.headings.size() && !table.headings[column].empty();
  return named ? table.headings[column] : std::string(FormOf(sheet).columns[column].name);
}

std::string KeyOf(Sheet sheet, const Row& row) { return JoinKey(sheet, row, "\x1f"); }
std::string TitleOf(Sheet sheet, const Row& row) { return JoinKey(sheet, row, ", "); }

void SortRows(Office& office) {
  for (const Sheet sheet : kAllSheets) {
    std::ranges::sort(office[sheet].rows, {}, [sheet](const Row& r) { return OrderOf(sheet, r); });
  }
}

std::string WriteSheet(const Office& office, Sheet sheet) {
  std::vector<std::string> header;
  for (const Column& column : FormOf(sheet).columns) header.emplace_back(column.name);
  std::string text = std::string(kByteOrderMark) + WriteCsvRecord(header);
  for (const Row& row : office[sheet].rows) text += WriteCsvRecord(row.cells);
  return text;
}

}  // namespace yagura::office
