#pragma once

#include <chrono>
#include <string>

#include "api/http.h"

namespace yagura::api {

/// Status line and header fields as they go over the wire, with Content-Length (but for 204 and
/// 304), Date and, where the connection ends after this, "Connection: close".
[[nodiscard]] std::string SerializeHead(const Response& response, bool closes,
                                        std::chrono::system_clock::time_point now);

}  // namespace yagura::api
