// Nine files of any bytes. The first byte says which of them the rest is; the others are headers.
#include <map>
#include <string>

#include "core/check.h"
#include "office/check_office.h"
#include "office/csv.h"
#include "office/read_office.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace yagura;
using namespace yagura::office;

std::map<std::string, std::string> EmptyOffice() {
  const Office office;
  std::map<std::string, std::string> files;
  for (const Sheet sheet : kAllSheets) {
    files.emplace(FormOf(sheet).file, WriteSheet(office, sheet));
  }
  return files;
}

/// What was read without a problem is written, and read again, as it was; a column that the file
/// lacked, as if its cells had been empty.
void CheckReadsBack(const Office& office, Sheet sheet, const OfficeCalendar& calendar) {
  auto files = EmptyOffice();
  files[std::string(FormOf(sheet).file)] = WriteSheet(office, sheet);
  const ReadOffice again = ReadOfficeFiles(files, calendar);
  CHECK(again.problems.empty());
  CHECK(again.office[sheet].rows.size() == office[sheet].rows.size());
  for (std::size_t i = 0; i < office[sheet].rows.size(); ++i) {
    Row row = office[sheet].rows[i];
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      if (row.cells[c].empty()) row.cells[c] = FormOf(sheet).columns[c].when_empty;
    CHECK(again.office[sheet].rows[i].cells == row.cells);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const OfficeCalendar kCalendar = OfficeCalendar::Load("Asia/Tokyo").value();
  if (size == 0) return 0;
  const Sheet sheet = kAllSheets[data[0] % kSheetCount];
  auto files = EmptyOffice();
  files[std::string(FormOf(sheet).file)] = {reinterpret_cast<const char*>(data) + 1, size - 1};
  const ReadOffice read = ReadOfficeFiles(files, kCalendar);
  for (const Row& row : read.office[sheet].rows) {
    CHECK(row.cells.size() == FormOf(sheet).columns.size());
  }
  (void)CheckOffice(read.office);  // for what it does to any rows; the problems are not looked at
  if (read.problems.empty()) CheckReadsBack(read.office, sheet, kCalendar);
  return 0;
}
