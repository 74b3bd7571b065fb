#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "office/office.h"

namespace yagura::office {

/// Why files can't become the office. Closed; people read each in their language
/// (app/office_problems.cc).
enum class Fault : std::uint8_t {
  // A file as a whole.
  kFileMissing,
  kFileTooLarge,
  kFileUnknown,
  kUtf16,
  kEncoding,
  kNoHeader,
  kColumnMissing,
  kColumnTwice,
  kColumnUnknown,
  // A line as CSV.
  kStrayQuote,
  kAfterQuote,
  kUnclosedQuote,
  kBareReturn,
  kFieldTooLong,
  kTooManyFields,
  kTooManyRecords,
  kFieldCount,
  // A cell by itself.
  kEmpty,
  kBadCode,
  kBadPlace,
  kBadUsername,
  kBadName,
  kBadNumber,
  kBadInstant,
  kBadUrl,
  kUrlCredentials,
  kBadPost,
  kBadState,
  kBadTransport,
  kBadYesNo,
  kUnwanted,
  kNoSubStream,
  // Rows among one another.
  kTwice,
  kStored,
  kUnknown,
  kNotAFloor,
  kReversed,
  kOverlap,
  kBelowItself,
  kOutsideUnit,
  kNoEnd,
  kNoSuccessor,
  kStateless,
  kBadStep,
  kUnplaced,
  kRetired,
  // The files and what is stored.
  kGone,
  kFixed,
  kPast,
  kTooEarly,
};
inline constexpr std::size_t kFaultCount = static_cast<std::size_t>(Fault::kTooEarly) + 1;

struct Problem {
  Fault fault;
  std::string file{};
  int line = 0;          // 0: the file as a whole
  std::string column{};  // as the file's header calls it; empty: the whole line
  std::string given{};   // what was found
  std::string other{};   // what it clashes with, or what was expected
};
using Problems = std::vector<Problem>;

/// A problem with one cell of `row`, or with all of it.
[[nodiscard]] Problem ProblemIn(const Office& office, Sheet sheet, const Row& row,
                                std::string_view column, Fault fault, std::string other = "");
[[nodiscard]] Problem ProblemOf(Sheet sheet, const Row& row, Fault fault, std::string given,
                                std::string other = "");

}  // namespace yagura::office
