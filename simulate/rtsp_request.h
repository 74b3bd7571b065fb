#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace yagura::simulate {

/// One request of a client (RFC 2326, section 6).
struct RtspRequest {
  std::string method;
  std::string uri;
  std::vector<std::pair<std::string, std::string>> headers;

  /// The first header of this name, letter case aside; empty where there is none.
  [[nodiscard]] std::string_view Header(std::string_view name) const;
};

/// Cuts what a client sends into requests; interleaved packets (its receiver reports), bodies and
/// answers to the camera's own requests are skipped. One per connection.
class RtspRequestReader {
 public:
  void Feed(std::span<const std::uint8_t> bytes);
  /// The next whole request; nothing: more bytes are needed. kInvalidArgument: not RTSP,
  /// kResourceExhausted: over a limit; the connection is of no more use then.
  [[nodiscard]] Result<std::optional<RtspRequest>> Next();

  /// Packets skipped so far.
  [[nodiscard]] std::uint64_t packets() const { return packets_; }

 private:
  [[nodiscard]] bool SkipInterleaved();

  std::string buffer_;
  std::size_t skip_ = 0;  // bytes of a body still to come
  std::uint64_t packets_ = 0;
};

}  // namespace yagura::simulate
