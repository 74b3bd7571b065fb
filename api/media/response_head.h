#pragma once

#include <chrono>
#include <string>

#include "api/http.h"

namespace yagura::api {

/// How a body without a known length is sent: in chunks (RFC 9112, 7.1), or, to those who know no
/// chunks, as it is until the connection closes.
enum class Endless { kChunked, kUntilClose };

/// Status line and header fields as they go over the wire, with Content-Length (but for 204, 304
/// and bodies without a known length), Date and, where the connection ends after this,
/// "Connection: close".
[[nodiscard]] std::string SerializeHead(const Response& response, bool closes,
                                        std::chrono::system_clock::time_point now,
                                        Endless endless = Endless::kChunked);

}  // namespace yagura::api
