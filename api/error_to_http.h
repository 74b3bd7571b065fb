#pragma once

#include <string>
#include <string_view>

#include "api/http.h"
#include "core/json.h"
#include "core/result.h"

namespace yagura::api {

/// What a caller reads when something failed (RFC 9457). `code` is stable; openapi.yaml lists all.
struct Problem {
  int status = 500;
  std::string code;
  std::string detail;             // empty: none
  Json members = Json::Object();  // further members, such as "ranges"
};

/// The one place where error codes become statuses. Only a public message leaves the process, and
/// none for kNotFound: unknown, foreign and malformed ids must be one and the same answer.
[[nodiscard]] Problem ToProblem(const Error& error);

/// application/problem+json; 503 and 429 carry Retry-After, 401 carries WWW-Authenticate.
[[nodiscard]] Response ToResponse(const Problem& problem);
[[nodiscard]] Response ToResponse(const Error& error);

[[nodiscard]] std::string_view StatusText(int status);

}  // namespace yagura::api
