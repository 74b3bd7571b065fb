#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/access_unit.h"

namespace yagura::simulate {

struct LoopFile;

/// How a codec's NAL units go into RTP packets, and what the SDP says of them: RFC 6184 for H.264
/// (packetization mode 1), RFC 7798 for H.265 (without decoding order numbers). JPEG, which has no
/// NAL units: only the payload type and what the SDP says, mostly nothing (jpeg_payload.h).
struct PayloadFormat {
  using Nal = std::span<const std::uint8_t>;

  std::uint8_t payload_type;
  std::size_t nal_header_bytes;
  std::size_t fragment_header_bytes;  // of a payload that is a part of a NAL unit
  bool (*is_parameter_set)(Nal nal);
  /// What a payload of several NAL units (STAP-A, AP) begins with.
  std::vector<std::uint8_t> (*aggregate_header)(std::span<const Nal> nals);
  /// What a payload with a part of `nal` (FU-A, FU) begins with; `flags`: 0x80 for the first, 0x40
  /// for the last.
  std::vector<std::uint8_t> (*fragment_header)(Nal nal, std::uint8_t flags);
  /// a=rtpmap and a=fmtp of the payload type; the parameter sets where `tell` says so.
  std::string (*sdp_lines)(const LoopFile& loop, bool tell);
};

[[nodiscard]] const PayloadFormat& PayloadFormatOf(Codec codec);

}  // namespace yagura::simulate
