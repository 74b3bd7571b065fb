#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yagura::ingest {

/// Where a stream is asked for: "rtsp://host:port/path". Never holds credentials.
struct RtspUrl {
  std::string text;  // as it is written into requests
  std::string host;  // a name, an IPv4 address, or an IPv6 address without its brackets
  std::uint16_t port = 554;
};

/// `default_port`: where it names none. kInvalidArgument: not an rtsp URL of at most 2000 printable
/// characters, or one with credentials in it (they are given apart, so that no log or list shows
/// them).
[[nodiscard]] Result<RtspUrl> ParseRtspUrl(std::string_view text, std::uint16_t default_port = 554);

/// The same place, with an address (an IPv6 one without brackets) for the host's name. Without a
/// fragment: GStreamer takes "//192.0.2.1#@elsewhere/" for credentials and another host.
[[nodiscard]] std::string WithAddress(const RtspUrl& url, std::string_view address);

/// A control attribute of the SDP resolved against `base` (RFC 2326 C.1.1). As the common players
/// do, a relative one is appended behind a slash, also where RFC 3986 would replace the last part:
/// cameras are made for those players.
///
/// A query replaces none: "?a=1" goes behind the base as it stands.
[[nodiscard]] std::string ResolveControl(std::string_view base, std::string_view control);

/// What the controls of a description are relative to (RFC 2326 C.1.1): `content_base`, else
/// `content_location`, else the URL that was asked for. Empty: the header isn't there. One that is
/// no rtsp URL is passed over, as players do; a path alone belongs to the host that was asked.
[[nodiscard]] std::string BaseUrl(const RtspUrl& asked, std::string_view content_base,
                                  std::string_view content_location);

/// Where a Location header leads. kInvalidArgument: nowhere that we could go.
[[nodiscard]] Result<RtspUrl> ResolveLocation(const RtspUrl& asked, std::string_view location);

}  // namespace yagura::ingest
