#include <algorithm>

#include "ingest/limits.h"
#include "ingest/rtsp_session.h"
#include "ingest/text.h"

namespace yagura::ingest {

Result<SessionTransport> ParseTransport(std::string_view header_value) {
  std::string_view rest = header_value;
  if (!EqualsIgnoringCase(Trimmed(CutAt(rest, ';')), "RTP/AVP/TCP")) {
    return Failure(ErrorCode::kUnimplemented,
                   "the camera won't send over TCP, it chose " + Quoted(header_value));
  }
  SessionTransport transport;
  while (!rest.empty()) {
    std::string_view value = Trimmed(CutAt(rest, ';'));
    if (!EqualsIgnoringCase(CutAt(value, '='), "interleaved")) continue;
    const auto rtp = ParseNumber(CutAt(value, '-'), 255);
    const auto rtcp =
        value.empty() && rtp && *rtp < 255 ? std::optional(*rtp + 1) : ParseNumber(value, 255);
    if (!rtp || !rtcp || *rtp == *rtcp) {
      return Failure(ErrorCode::kInvalidArgument,
                     "channels can't be read in " + Quoted(header_value));
    }
    transport = {static_cast<std::uint8_t>(*rtp), static_cast<std::uint8_t>(*rtcp)};
  }
  return transport;
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
