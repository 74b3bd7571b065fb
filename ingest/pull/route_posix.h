#pragma once

#include <optional>
#include <string>

namespace yagura::ingest {

/// The network interface by which packets go to `address` ("192.0.2.1", "2001:db8::1"): where a
/// camera's multicast comes from. Nothing: there is none.
[[nodiscard]] std::optional<std::string> InterfaceTowards(const std::string& address);

}  // namespace yagura::ingest
