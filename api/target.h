#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace yagura::api {

inline constexpr std::size_t kTargetBytesMax = 2048;
inline constexpr std::size_t kQueryParametersMax = 32;

/// A request target in the one spelling that routes are matched against. There is never a second
/// reading of the same bytes: what could be read in two ways is refused, not repaired.
struct Target {
  std::vector<std::string> segments;  // "/v1/cameras" -> {"v1", "cameras"}
  std::vector<std::pair<std::string, std::string>> parameters;  // decoded, in order, names differ
};

/// Reads origin-form (RFC 9112, 3.2.1). kInvalidArgument, with a public message, for anything
/// overlong, not starting with '/', with an empty segment, a dot segment, an encoded or bare
/// control character, slash, backslash or dot in the path, invalid or overlong UTF-8, a broken
/// percent encoding, a fragment, or a query parameter without '=' or named twice.
[[nodiscard]] Result<Target> ParseTarget(std::string_view target);

}  // namespace yagura::api
