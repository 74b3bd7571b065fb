#pragma once

#include <string>
#include <string_view>

#include "api/http.h"

namespace yagura::api {

/// By which the proxy in front proves that a request came through it.
inline constexpr std::string_view kProxyKeyHeader = "X-Yagura-Proxy-Key";

/// Sets where a request of the connection from `peer` comes from: what X-Forwarded-For says, where
/// the request has `proxy_key`, which the proxy alone knows; else `peer`, since every account of
/// this machine can connect and say what it likes. Takes the proof out of the header fields. With
/// an empty key nobody is believed.
void SetTerminal(Request& request, std::string peer, std::string_view proxy_key);

}  // namespace yagura::api
