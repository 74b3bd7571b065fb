#include "ingest/rtsp_url.h"

#include <algorithm>

#include "ingest/text.h"

namespace yagura::ingest {
namespace {

constexpr std::string_view kScheme = "rtsp://";
constexpr std::size_t kMaxUrlBytes = 2'000;

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

tl::unexpected<Error> BadUrl(const std::string& why) {
  return Failure(ErrorCode::kInvalidArgument, "expected rtsp://host:port/path: " + why);
}

/// Splits "host:port" or "[v6]:port".
Result<void> ParseAuthority(std::string_view authority, RtspUrl& url) {
  const bool bracketed = authority.starts_with('[');
  const auto host_end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && host_end == std::string_view::npos) return BadUrl("no ] after the address");
  url.host =
      std::string(bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end));
  if (url.host.empty() || url.host.size() > 255) return BadUrl("no host");
  std::string_view rest = host_end == std::string_view::npos
                              ? std::string_view()
                              : authority.substr(host_end + (bracketed ? 1 : 0));
  if (rest.empty()) return {};
  const auto port = rest.front() == ':' ? ParseNumber(rest.substr(1), 65'535) : std::nullopt;
  if (!port || *port == 0) return BadUrl("the port is not a number from 1 to 65535");
  url.port = static_cast<std::uint16_t>(*port);
  return {};
}

/// "rtsp://host:port" of a URL.
std::string_view Origin(std::string_view url) {
  return url.substr(0, url.find_first_of("/?#", kScheme.size()));
}

}  // namespace

Result<RtspUrl> ParseRtspUrl(std::string_view text, std::uint16_t default_port) {
  if (!StartsWithIgnoringCase(text, kScheme)) return BadUrl("another scheme");
  if (text.size() > kMaxUrlBytes || !IsPrintable(text)) return BadUrl("too long, or not printable");
  const std::string_view after_scheme = text.substr(kScheme.size());
  const std::string_view authority = after_scheme.substr(0, after_scheme.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos)
    return BadUrl("credentials don't belong into it");
  RtspUrl url;
  url.port = default_port;
  RETURN_IF_ERROR(ParseAuthority(authority, url));
  url.text = std::string(text);
  return url;
}

std::string WithAddress(const RtspUrl& url, std::string_view address) {
  const bool v6 = address.find(':') != std::string_view::npos;
  std::string text(kScheme);
  text.append(v6 ? "[" : "").append(address).append(v6 ? "]:" : ":");
  const std::string_view origin = Origin(url.text);
  const auto fragment = url.text.find('#', origin.size());
  return text.append(std::to_string(url.port))
      .append(url.text.substr(origin.size(), fragment - origin.size()));
}

std::string ResolveControl(std::string_view base, std::string_view control) {
  if (control.empty() || control == "*") return std::string(base);
  if (StartsWithIgnoringCase(control, kScheme)) return std::string(control);
  std::string url(base);
  if (control.starts_with('/')) {
    url = std::string(Origin(base));
  } else if (!url.ends_with('/') && !control.starts_with('?')) {
    url += '/';
  }
  return url.append(control);
}

std::string BaseUrl(const RtspUrl& asked, std::string_view content_base,
                    std::string_view content_location) {
  for (const std::string_view header : {content_base, content_location}) {
    if (const auto url = ResolveLocation(asked, header); url.has_value()) return url->text;
  }
  return asked.text;
}

Result<RtspUrl> ResolveLocation(const RtspUrl& asked, std::string_view location) {
  if (!location.starts_with('/')) return ParseRtspUrl(location);
  return ParseRtspUrl(std::string(Origin(asked.text)).append(location));
}

}  // namespace yagura::ingest
