#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yagura::ingest {

struct RtspHeader {
  std::string name;
  std::string value;
};

/// One RTSP/1.0 message (RFC 2326 section 4): a reply of the camera, or a request that it sends to
/// us.
struct RtspMessage {
  int status = 0;      // of a reply; 0 in a request
  std::string method;  // of a request; empty in a reply
  std::vector<RtspHeader> headers;
  std::string body;

  [[nodiscard]] bool IsReply() const { return status != 0; }
  /// The first header of that name, whatever its case; nothing if there is none.
  [[nodiscard]] std::optional<std::string_view> Header(std::string_view name) const;
};

struct ParsedRtspMessage {
  RtspMessage message;
  std::size_t size_bytes = 0;  // that it took from the front of the bytes
};

/// Reads one message from the front of `bytes`. Nothing: more bytes are needed. kInvalidArgument:
/// this isn't RTSP/1.x. kResourceExhausted: over a limit of limits.h, told as early as it can be
/// known. Folded header lines and bare line feeds are accepted, as RFC 2326 section 4 asks of
/// receivers.
[[nodiscard]] Result<std::optional<ParsedRtspMessage>> ParseRtspMessage(std::string_view bytes);

/// A request or, with a status line such as "RTSP/1.0 501 Not Implemented", a reply; no body.
[[nodiscard]] std::string FormatRtspMessage(std::string_view start_line,
                                            const std::vector<RtspHeader>& headers);

}  // namespace yagura::ingest
