#include "office/read_office.h"

#include <algorithm>
#include <utility>

#include "core/plain_text.h"
#include "office/cell.h"
#include "office/csv.h"
#include "office/text_encoding.h"

namespace yagura::office {
namespace {

constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);
constexpr std::size_t kGivenSizeMax = 80;

Fault FaultOf(CsvFault fault) {
  switch (fault) {
    case CsvFault::kStrayQuote:
      return Fault::kStrayQuote;
    case CsvFault::kAfterQuote:
      return Fault::kAfterQuote;
    case CsvFault::kUnclosedQuote:
      return Fault::kUnclosedQuote;
    case CsvFault::kBareReturn:
      return Fault::kBareReturn;
    case CsvFault::kFieldTooLong:
      return Fault::kFieldTooLong;
    case CsvFault::kTooManyFields:
      return Fault::kTooManyFields;
    case CsvFault::kTooManyRecords:
      break;
  }
  return Fault::kTooManyRecords;
}

/// A cell as an error shows it: never whole characters cut in two, never endless, and nothing that
/// a terminal obeys.
std::string Shortened(const std::string& text) {
  if (!IsPlainText(text)) return Shortened(ShownPlainly(text));
  if (text.size() <= kGivenSizeMax) return text;
  std::size_t size = kGivenSizeMax;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size) + "…";
}

/// Reads one file of a form into a table.
class SheetReader {
 public:
  SheetReader(const SheetForm& form, const OfficeCalendar& calendar, Office::Table& table,
              Problems& problems)
      : form_(form), calendar_(calendar), table_(table), problems_(problems) {}

  void Read(const std::string& bytes) {
    table_.readable = false;
    if (bytes.size() > kCsvSizeMax) return Report({.fault = Fault::kFileTooLarge});
    const auto text = ToUtf8(bytes);
    if (const auto* problem = std::get_if<EncodingProblem>(&text)) {
      const bool utf16 = problem->fault == EncodingFault::kUtf16;
      return Report({.fault = utf16 ? Fault::kUtf16 : Fault::kEncoding, .line = problem->line});
    }
    const CsvText csv = ParseCsv(std::get<std::string>(text));
    if (!csv.records.empty() && ReadHeader(csv.records.front())) {
      table_.readable = true;
      for (std::size_t i = 1; i < csv.records.size(); ++i) ReadRow(csv.records[i]);
    } else if (csv.records.empty() && csv.problems.empty()) {
      Report({.fault = Fault::kNoHeader});
    }
    for (const CsvProblem& problem : csv.problems) Report(problem);
    // Nothing is said to be missing from a file whose lines could not all be read.
    if (lines_left_out_) table_.readable = false;
  }

 private:
  bool ReadHeader(const CsvRecord& header) {
    bool fits = true;
    const auto wrong = [&](Fault fault, std::string column, int line) {
      Report({.fault = fault, .line = line, .column = std::move(column)});
      fits = false;
    };
    table_.headings.assign(form_.columns.size(), "");
    for (const CsvField& field : header) {
      const std::size_t column = FindColumn(field.text);
      columns_.push_back(column);
      if (column == kNoColumn) {
        wrong(Fault::kColumnUnknown, Shortened(field.text), field.line);
      } else if (!std::exchange(table_.headings[column], field.text).empty()) {
        wrong(Fault::kColumnTwice, field.text, field.line);
      }
    }
    for (std::size_t i = 0; i < form_.columns.size(); ++i) {
      if (table_.headings[i].empty() && form_.columns[i].when_empty.empty()) {
        wrong(Fault::kColumnMissing, std::string(form_.columns[i].name), header.front().line);
      }
    }
    return fits;
  }

  [[nodiscard]] std::size_t FindColumn(const std::string& heading) const {
    for (std::size_t i = 0; i < form_.columns.size(); ++i) {
      if (form_.columns[i].name == heading || form_.columns[i].japanese == heading) return i;
    }
    return kNoColumn;
  }

  void ReadRow(const CsvRecord& record) {
    if (record.size() != columns_.size()) {
      lines_left_out_ = true;
      return Report({.fault = Fault::kFieldCount,
                     .line = record.front().line,
                     .given = std::to_string(record.size()),
                     .other = std::to_string(columns_.size())});
    }
    Row row;
    row.line = record.front().line;
    row.cells.resize(form_.columns.size());
    for (std::size_t i = 0; i < record.size(); ++i) ReadField(record[i], columns_[i], row);
    if (form_.dated) SetRange(row);
    table_.rows.push_back(std::move(row));
  }

  void ReadField(const CsvField& field, std::size_t index, Row& row) {
    const Column& column = form_.columns[index];
    const auto refuse = [&](Fault fault, std::string given) {
      row.faulty = true;
      if (column.key) lines_left_out_ = true;
      Report({.fault = fault,
              .line = field.line,
              .column = table_.headings[index],
              .given = std::move(given)});
    };
    if (field.text.empty()) {
      if (column.required) refuse(Fault::kEmpty, "");
      row.cells[index] = column.when_empty;
      return;
    }
    auto cell = ReadCell(column.kind, field.text, calendar_);
    if (const auto* fault = std::get_if<Fault>(&cell)) {
      // A URL is not repeated: it may carry a password.
      return refuse(*fault, column.kind == Kind::kUrl ? "" : Shortened(field.text));
    }
    row.cells[index] = std::get<std::string>(std::move(cell));
  }

  void SetRange(Row& row) const {
    for (std::size_t i = 0; i < form_.columns.size(); ++i) {
      const auto instant = ReadInstant(row.cells[i], calendar_);
      if (instant && form_.columns[i].name == "from") row.valid.from = *instant;
      if (instant && form_.columns[i].name == "to") row.valid.to = *instant;
    }
  }

  void Report(const CsvProblem& problem) {
    lines_left_out_ = true;
    const bool known = problem.field < columns_.size() && columns_[problem.field] != kNoColumn;
    if (problem.fault == CsvFault::kTooManyRecords)
      return Report({.fault = Fault::kTooManyRecords});
    Report({.fault = FaultOf(problem.fault),
            .line = problem.line,
            .column = known ? table_.headings[columns_[problem.field]] : ""});
  }
  void Report(Problem problem) {
    problem.file = form_.file;
    problems_.push_back(std::move(problem));
  }

  const SheetForm& form_;
  const OfficeCalendar& calendar_;
  Office::Table& table_;
  Problems& problems_;
  std::vector<std::size_t> columns_;  // of the file's columns, ours
  bool lines_left_out_ = false;
};

bool IsSheet(const std::string& file) {
  return std::ranges::any_of(kAllSheets, [&](Sheet s) { return FormOf(s).file == file; });
}

}  // namespace

ReadOffice ReadOfficeFiles(const std::map<std::string, std::string>& files,
                           const OfficeCalendar& calendar) {
  ReadOffice read;
  for (const Sheet sheet : kAllSheets) {
    const auto file = files.find(std::string(FormOf(sheet).file));
    if (file != files.end()) {
      SheetReader(FormOf(sheet), calendar, read.office[sheet], read.problems).Read(file->second);
      continue;
    }
    read.office[sheet].readable = false;
    read.problems.push_back(
        {.fault = Fault::kFileMissing, .file = std::string(FormOf(sheet).file)});
  }
  for (const auto& [name, bytes] : files) {
    if (!IsSheet(name))
      read.problems.push_back({.fault = Fault::kFileUnknown, .file = ShownPlainly(name)});
  }
  return read;
}

Arrivals ReadArrivals(const std::string& bytes, const OfficeCalendar& calendar) {
  Arrivals read;
  SheetReader(ArrivalsForm(), calendar, read.table, read.problems).Read(bytes);
  return read;
}

}  // namespace yagura::office
