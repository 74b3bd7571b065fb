#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/access_unit.h"
#include "core/result.h"

namespace yagura::ingest {

/// How one payload type of a medium is coded (a=rtpmap, a=fmtp).
struct SdpFormat {
  std::uint8_t payload_type = 0;
  std::string encoding{};  // "H264"; empty without an rtpmap
  std::uint32_t clock_rate = 0;
  std::string parameters{};  // of a=fmtp, as they stand
};

struct SdpMedia {
  std::string kind;  // "video"
  std::string control;
  std::vector<SdpFormat> formats;  // in the order of the m= line
};

/// What of a session description (RFC 8866) an RTSP client needs.
struct Sdp {
  std::string control;
  std::vector<SdpMedia> media;
};

/// kInvalidArgument: not SDP. kResourceExhausted: over a limit of limits.h. Lines that we don't
/// need are passed over unread.
[[nodiscard]] Result<Sdp> ParseSdp(std::string_view text);

/// The track that we record.
struct RecordedTrack {
  Codec codec = Codec::kH264;
  std::uint8_t payload_type = 0;
  std::string control{};
  std::size_t media = 0;  // its place among the media of the SDP
  /// One NAL unit each: sprop-parameter-sets; of H.265 sprop-vps, sprop-sps and sprop-pps.
  std::vector<std::vector<std::uint8_t>> parameter_sets{};
};

/// The first H.264 or H.265 track (RFC 6184 section 8.2, RFC 7798 section 7.2), else the first of
/// JPEG (RFC 2435; also by its payload type alone, RFC 3551 table 5). kUnimplemented: there is
/// none, or it uses another clock than 90 kHz, H.264's packetization mode 2, or H.265 with decoding
/// order numbers or over several streams. Parameter sets that aren't base64 are passed over:
/// cameras that get this wrong send them in band.
[[nodiscard]] Result<RecordedTrack> FindRecordedTrack(const Sdp& sdp);

}  // namespace yagura::ingest
