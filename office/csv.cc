#include "office/csv.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace yagura::office {
namespace {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  CsvText Read() {
    while (at_ < text_.size() && !ended_) {
      if (read_.records.size() >= kCsvRecordsMax) {
        Report(CsvFault::kTooManyRecords);
        break;
      }
      ReadRecord();
    }
    return std::move(read_);
  }

 private:
  void ReadRecord() {
    record_.clear();
    faulty_ = false;
    for (bool more = true; more;) more = ReadField();
    if (faulty_) return;
    const bool blank = std::ranges::all_of(record_, [](const auto& f) { return f.text.empty(); });
    if (!blank) read_.records.push_back(std::move(record_));
  }

  /// Whether another field follows in this record.
  bool ReadField() {
    if (record_.size() >= kCsvFieldsMax) return Fail(CsvFault::kTooManyFields);
    CsvField field{{}, line_};
    const auto fault = Peek() == '"' ? ReadQuoted(field.text) : ReadPlain(field.text);
    if (fault) return Fail(*fault);
    record_.push_back(std::move(field));
    if (Peek() == ',') {
      ++at_;
      return true;
    }
    return EndLine();
  }

  std::optional<CsvFault> ReadPlain(std::string& into) {
    const std::size_t end = std::min(text_.find_first_of(",\r\n\"", at_), text_.size());
    if (end - at_ > kCsvFieldSizeMax) return CsvFault::kFieldTooLong;
    into = text_.substr(at_, end - at_);
    at_ = end;
    if (Peek() == '"') return CsvFault::kStrayQuote;
    return std::nullopt;
  }

  std::optional<CsvFault> ReadQuoted(std::string& into) {
    ++at_;
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) return CsvFault::kUnclosedQuote;
      const std::string_view part = text_.substr(at_, quote - at_);
      if (into.size() + part.size() > kCsvFieldSizeMax) return CsvFault::kFieldTooLong;
      line_ += static_cast<int>(std::ranges::count(part, '\n'));
      into += part;
      at_ = quote + 1;
      if (Peek() != '"') break;
      into += '"';
      ++at_;
    }
    const char next = Peek();
    const bool ends = at_ >= text_.size() || next == ',' || next == '\n' || next == '\r';
    return ends ? std::nullopt : std::optional(CsvFault::kAfterQuote);
  }

  /// After a record's last field.
  bool EndLine() {
    if (at_ >= text_.size()) return false;
    if (Peek() == '\r') {
      if (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') return Fail(CsvFault::kBareReturn);
      ++at_;
    }
    if (at_ < text_.size()) ++at_;
    ++line_;
    return false;
  }

  /// Leaves the record out and goes on in the next line.
  bool Fail(CsvFault fault) {
    Report(fault);
    faulty_ = true;
    if (fault == CsvFault::kUnclosedQuote) ended_ = true;
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
    return false;
  }
  void Report(CsvFault fault) { read_.problems.push_back({fault, line_, record_.size()}); }

  [[nodiscard]] char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool faulty_ = false;
  bool ended_ = false;
  CsvRecord record_;
  CsvText read_;
};

std::string Quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

CsvText ParseCsv(std::string_view text) { return CsvReader(text).Read(); }

std::string WriteCsvRecord(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) line += (i == 0 ? "" : ",") + Quoted(fields[i]);
  return line + "\r\n";
}

}  // namespace yagura::office
