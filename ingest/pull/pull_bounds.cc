#include "ingest/pull/pull_bounds.h"

#include <algorithm>
#include <array>

#include "ingest/rtsp_url.h"
#include "ingest/text.h"

namespace yagura::ingest {
namespace {

constexpr std::string_view kBehindScheme = "://";
/// Of rtspsrc's, those of plain RTSP over TLS.
constexpr std::array<std::string_view, 2> kTlsSchemes{"rtsps", "rtspst"};

bool IsOverTls(std::string_view location) {
  const std::string_view scheme = location.substr(0, location.find(kBehindScheme));
  return std::ranges::any_of(
      kTlsSchemes, [&](std::string_view known) { return EqualsIgnoringCase(scheme, known); });
}

/// Empty: of none that we know.
std::string HostOf(std::string_view location) {
  const auto rest = std::min(location.find(kBehindScheme), location.size());
  if (location.find('#') != std::string_view::npos) return {};  // WithAddress() in rtsp_url.h
  return ParseRtspUrl("rtsp" + std::string(location.substr(rest))).value_or(RtspUrl{}).host;
}

}  // namespace

std::string OrderedLocation(const PullOrder& order) {
  const std::string rest = order.url.substr(order.url.find("://"));
  if (order.transport == CameraTransport::kTls) return "rtspst" + rest;
  return (order.transport == CameraTransport::kHttp ? "rtsph" : "rtsp") + rest;
}

PullBounds::PullBounds(const PullOrder& order)
    : host_(HostOf(order.url)),
      over_tls_(order.transport == CameraTransport::kTls),
      certificate_(order.certificate) {}

std::optional<PullFailure> PullBounds::WhyNotConnect(std::string_view location) const {
  if (host_.empty() || HostOf(location) != host_)
    return PullFailure{PullFailure::Kind::kRefused, "the camera redirects to another host"};
  if (over_tls_ && !IsOverTls(location))
    return PullFailure{PullFailure::Kind::kRefused, "the camera redirects out of TLS"};
  return std::nullopt;
}

/// A certificate that was taken without our being asked, by whatever list of authorities, is none.
std::optional<PullFailure> PullBounds::WhyNotAsk(std::string_view location) const {
  if (auto failure = WhyNotConnect(location)) return failure;
  if (over_tls_ && !certificate_seen_)
    return PullFailure{PullFailure::Kind::kWorker, "the camera's certificate was not seen"};
  return std::nullopt;
}

std::optional<PullFailure> PullBounds::WhyNotTrust(std::string_view fingerprint) {
  if (!certificate_.empty() && fingerprint != certificate_) {
    return PullFailure{
        PullFailure::Kind::kOtherCertificate,
        "the camera shows another certificate than before: " + std::string(fingerprint)};
  }
  certificate_ = fingerprint;
  certificate_seen_ = true;
  return std::nullopt;
}

}  // namespace yagura::ingest
