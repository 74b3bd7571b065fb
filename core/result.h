#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace yagura {

/// Why something failed, and who should act. The set is closed: the API maps each to one HTTP
/// status (api/error_to_http.h).
enum class ErrorCode : std::uint8_t {
  kInvalidArgument,     // the caller's input is wrong; don't retry unchanged
  kUnauthenticated,     // sign in first
  kPermissionDenied,    // visible, but not allowed
  kNotFound,            // doesn't exist, or may not be known to exist
  kAlreadyExists,       // the name or key is taken
  kFailedPrecondition,  // the state forbids it now; change the state first
  kOutOfRange,          // a position outside what exists
  kResourceExhausted,   // a limit or a disk is full
  kUnavailable,         // a dependency is away; retry later
  kDeadlineExceeded,    // took too long; retry later
  kAborted,             // lost a race; retry from the start
  kDataLoss,            // stored bytes are damaged or missing
  kUnimplemented,       // not supported
  kInternal,            // a fault of ours
};

[[nodiscard]] std::string_view ToString(ErrorCode code);

/// A failure: a code, a message for the log (lower case, one line, never a credential), and what a
/// caller may read.
class Error {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  [[nodiscard]] ErrorCode code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  /// Empty unless someone set a text that may leave the process.
  [[nodiscard]] const std::string& public_message() const { return public_message_; }

  [[nodiscard]] Error WithPublicMessage(std::string text) && {
    public_message_ = std::move(text);
    return std::move(*this);
  }
  /// The same error with "`context`: " before its message, for callers that know what was being
  /// done.
  [[nodiscard]] Error While(std::string_view context) const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string public_message_;
};

/// "not_found: no camera \"1F-09\"".
[[nodiscard]] std::string ToString(const Error& error);

/// Only names that std::expected shares are used (has_value, value_or, and_then, transform), so a
/// later move is two aliases.
template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> Failure(ErrorCode code, std::string message) {
  return tl::make_unexpected(Error(code, std::move(message)));
}
[[nodiscard]] inline tl::unexpected<Error> Failure(Error error) {
  return tl::make_unexpected(std::move(error));
}

}  // namespace yagura

#define YAGURA_CONCAT_INNER(a, b) a##b
#define YAGURA_CONCAT(a, b) YAGURA_CONCAT_INNER(a, b)

/// Returns the error of `expr` (a Result) from the enclosing function, if it has one.
#define RETURN_IF_ERROR(expr)                                     \
  do {                                                            \
    if (auto yagura_result = (expr); !yagura_result.has_value())  \
      return ::yagura::Failure(std::move(yagura_result).error()); \
  } while (false)

/// `lhs = *expr`, or returns expr's error from the enclosing function.
#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_INNER(YAGURA_CONCAT(yagura_result_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_INNER(result, lhs, expr)                               \
  auto result = (expr);                                                         \
  if (!result.has_value()) return ::yagura::Failure(std::move(result).error()); \
  lhs = *std::move(result)
