#include <algorithm>

#include "ingest/limits.h"
#include "ingest/rtsp_session.h"
#include "ingest/text.h"

namespace yagura::ingest {

namespace {

/// "2-3"; of a single channel the next one is RTCP's, where there is a next one.
std::optional<SessionTransport> ParseChannels(std::string_view value) {
  const auto rtp = ParseNumber(Trimmed(CutAt(value, '-')), 255);
  const bool single = Trimmed(value).empty();
  const auto rtcp = single && rtp ? std::optional(*rtp + 1) : ParseNumber(Trimmed(value), 255);
  if (!rtp || !rtcp) return std::nullopt;
  SessionTransport transport{static_cast<std::uint8_t>(*rtp), std::nullopt};
  if (*rtcp <= 255 && *rtcp != *rtp) transport.rtcp_channel = static_cast<std::uint8_t>(*rtcp);
  return transport;
}

}  // namespace

Result<SessionTransport> ParseTransport(std::string_view header_value) {
  std::string_view rest = header_value;
  const std::string_view protocol = Trimmed(CutAt(rest, ';'));
  std::optional<SessionTransport> transport;
  while (!rest.empty()) {
    std::string_view value = Trimmed(CutAt(rest, ';'));
    if (!EqualsIgnoringCase(Trimmed(CutAt(value, '=')), "interleaved")) continue;
    transport = ParseChannels(value);
    if (!transport) {
      return Failure(ErrorCode::kInvalidArgument,
                     "channels can't be read in " + Quoted(header_value));
    }
  }
  // Who names channels sends over TCP, also where "/TCP" is left out.
  const bool tcp = transport || EqualsIgnoringCase(protocol, "RTP/AVP/TCP");
  if (!tcp || !StartsWithIgnoringCase(protocol, "RTP/AVP")) {
    return Failure(ErrorCode::kUnimplemented,
                   "the camera won't send over TCP, it chose " + Quoted(header_value));
  }
  return transport.value_or(SessionTransport{});
}

Result<SessionHeader> ParseSessionHeader(std::string_view header_value) {
  std::string_view rest = header_value;
  SessionHeader header;
  header.id = std::string(Trimmed(CutAt(rest, ';')));
  const bool plain =
      std::all_of(header.id.begin(), header.id.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (header.id.empty() || header.id.size() > kMaxSessionIdBytes || !plain) {
    return Failure(ErrorCode::kInvalidArgument, "session id is " + Quoted(header_value));
  }
  while (!rest.empty()) {
    std::string_view value = Trimmed(CutAt(rest, ';'));
    if (!EqualsIgnoringCase(CutAt(value, '='), "timeout")) continue;
    const auto timeout = ParseNumber(Trimmed(value), 86'400);
    if (timeout && *timeout > 0) header.timeout = std::chrono::seconds(*timeout);
  }
  return header;
}

}  // namespace yagura::ingest
