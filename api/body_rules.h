#pragma once

#include <cstdint>
#include <optional>

#include "api/error_to_http.h"
#include "api/http.h"

namespace yagura::api {

/// Whether a request's body may be read, judged by its header fields alone (RFC 9112, 6): the
/// problem to answer with where not. Only a plain Content-Length of at most `body_bytes_max`, or
/// none, passes.
[[nodiscard]] std::optional<Problem> RefuseBody(const Headers& headers,
                                                std::uint64_t body_bytes_max);

}  // namespace yagura::api
