#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/access_unit.h"

namespace yagura::storage {

/// The AVCDecoderConfigurationRecord of an H.264 `format` (ISO/IEC 14496-15, 5.3.3.1): lengths of
/// four bytes, one SPS, one PPS, and the chroma and bit depths of the High profiles. An SPS too
/// short to have them gets those of 8-bit 4:2:0.
[[nodiscard]] std::vector<std::uint8_t> AvcConfiguration(const StreamFormat& format);

/// "avc1.4d401f" (RFC 6381, 3.3).
[[nodiscard]] std::string AvcCodecString(const StreamFormat& format);

/// Codec, SPS and PPS back from an avcC payload; false where it is not one of ours. Reorder
/// depth is not kept there.
[[nodiscard]] bool ParseAvcConfiguration(std::span<const std::uint8_t> record,
                                         StreamFormat& format);

}  // namespace yagura::storage
