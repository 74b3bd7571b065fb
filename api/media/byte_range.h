#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/http.h"

namespace yagura::api {

/// Which bytes of a representation a request asks for. first <= last < size.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
  [[nodiscard]] std::uint64_t size_bytes() const { return last - first + 1; }
};

struct RangeAnswer {
  enum class Kind { kWhole, kPart, kUnsatisfiable } kind = Kind::kWhole;
  ByteRange range;
};

/// Reads Range and If-Range (RFC 9110, 13.1.5 and 14) for a representation of `size_bytes` with
/// this strong `etag`. As the RFC allows, what isn't one plain range of bytes (several ranges,
/// another unit, bad syntax) gets the whole.
[[nodiscard]] RangeAnswer SelectRange(const Headers& request, std::uint64_t size_bytes,
                                      std::string_view etag);

/// Whether If-None-Match (RFC 9110, 13.1.2) names `etag`: answer 304.
[[nodiscard]] bool MatchesNoneMatch(const Headers& request, std::string_view etag);

}  // namespace yagura::api
