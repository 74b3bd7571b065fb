#include "core/pg/sql_state.h"

#include <array>
#include <string>

namespace yagura::pg {
namespace {

struct Meaning {
  std::string_view prefix;
  ErrorCode code;
};

// The first prefix that fits counts, so exact states stand before their class.
constexpr std::array kMeanings{
    Meaning{"08", ErrorCode::kUnavailable},          // connection exceptions
    Meaning{"22", ErrorCode::kInvalidArgument},      // data exceptions
    Meaning{"23505", ErrorCode::kAlreadyExists},     // unique violation
    Meaning{"23", ErrorCode::kFailedPrecondition},   // other constraints
    Meaning{"25P03", ErrorCode::kDeadlineExceeded},  // idle in transaction for too long
    Meaning{"28", ErrorCode::kPermissionDenied},     // invalid authorization
    Meaning{"40003", ErrorCode::kUnavailable},       // outcome of a statement unknown
    Meaning{"40", ErrorCode::kAborted},              // serialization failure, deadlock
    Meaning{"42501", ErrorCode::kPermissionDenied},
    Meaning{"53300", ErrorCode::kUnavailable},  // too many connections
    Meaning{"53", ErrorCode::kResourceExhausted},
    Meaning{"55P03", ErrorCode::kDeadlineExceeded},    // lock not available in time
    Meaning{"57014", ErrorCode::kDeadlineExceeded},    // statement timeout
    Meaning{"57P", ErrorCode::kUnavailable},           // shutting down, crashed, starting
    Meaning{"58", ErrorCode::kUnavailable},            // the server's disk
    Meaning{"P0001", ErrorCode::kFailedPrecondition},  // RAISE in a function of ours
};

std::string_view FirstLine(std::string_view text) {
  constexpr std::string_view kSeverity = "ERROR:  ";
  if (text.starts_with(kSeverity)) text.remove_prefix(kSeverity.size());
  return text.substr(0, text.find('\n'));
}

}  // namespace

ErrorCode CodeOfSqlState(std::string_view sql_state) {
  for (const Meaning& meaning : kMeanings) {
    if (sql_state.starts_with(meaning.prefix)) return meaning.code;
  }
  return ErrorCode::kInternal;
}

Error ErrorOfSqlState(std::string_view sql_state, std::string_view message) {
  std::string_view line = FirstLine(message);
  if (sql_state.starts_with("22")) line = line.substr(0, line.find('"'));
  const std::string state = sql_state.empty() ? "none" : std::string(sql_state);
  return Error(CodeOfSqlState(sql_state), "sqlstate " + state + ": " + std::string(line));
}

}  // namespace yagura::pg
