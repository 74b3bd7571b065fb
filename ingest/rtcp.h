#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/time.h"
#include "ingest/rtp_packet.h"

namespace yagura::ingest {

/// A camera saying what its own clock showed at an RTP timestamp (RFC 3550 section 6.4.1).
struct SenderReport {
  std::uint32_t source = 0;
  std::uint64_t ntp = 0;  // as it was sent
  WallTime camera_time;   // from the NTP timestamp
  RtpTime rtp;
};

/// What of one compound RTCP packet concerns us.
struct RtcpContent {
  std::optional<SenderReport> report;
  bool bye = false;
};

/// What is said of `source`, the track's SSRC: reports and goodbyes of others don't concern us (the
/// Tapo C320WS sends some with SSRCs that no packet has, changelog of scottlamb/retina 0.4.6).
/// Without a source everything does; a BYE may name none.
///
/// Reads untrusted bytes; what is malformed ends the reading and is otherwise passed over, as are
/// other packet types. An NTP timestamp of zero (a camera without a clock) is no report; those
/// below 2^31 s count from 2036 (RFC 4330 section 3).
[[nodiscard]] RtcpContent ParseRtcp(std::span<const std::uint8_t> bytes,
                                    std::optional<std::uint32_t> source = std::nullopt);

}  // namespace yagura::ingest
