#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace yagura::api {

/// A TCP port of `address` (IPv4) on which nobody listens now, for a listener that can't say which
/// one it was given. Somebody else may take it in between: try again then.
[[nodiscard]] Result<std::uint16_t> FindFreePort(const std::string& address);

}  // namespace yagura::api
