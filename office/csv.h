#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::office {

// Larger files than an office can have are somebody's mistake.
inline constexpr std::size_t kCsvSizeMax = std::size_t{8} << 20;
inline constexpr std::size_t kCsvRecordsMax = 50'000;
inline constexpr std::size_t kCsvFieldsMax = 64;
inline constexpr std::size_t kCsvFieldSizeMax = 4096;

/// Why a text is no CSV.
enum class CsvFault : std::uint8_t {
  kStrayQuote,     // a quote in a field that doesn't begin with one
  kAfterQuote,     // something between a closing quote and the comma
  kUnclosedQuote,  // the text ends inside quotes
  kBareReturn,     // CR without LF
  kFieldTooLong,
  kTooManyFields,
  kTooManyRecords,
};

struct CsvField {
  std::string text;
  int line = 0;  // in which it begins, from 1
};
using CsvRecord = std::vector<CsvField>;

struct CsvProblem {
  CsvFault fault;
  int line;
  std::size_t field;  // from 0
};

struct CsvText {
  /// With at least one field each; records that have only empty fields, as spreadsheets leave them
  /// at the end, are left out.
  std::vector<CsvRecord> records;
  /// Records with one of these are left out; reading goes on in the next line, but for
  /// kUnclosedQuote and kTooManyRecords, which end it.
  std::vector<CsvProblem> problems;
};

/// Reads comma-separated values (RFC 4180; lines may end in LF or CRLF). Pure; any bytes.
[[nodiscard]] CsvText ParseCsv(std::string_view text);

/// One record as a line, ending in CRLF; fields are quoted where they must be.
[[nodiscard]] std::string WriteCsvRecord(const std::vector<std::string>& fields);

}  // namespace yagura::office
