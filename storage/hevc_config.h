#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/access_unit.h"

namespace yagura::storage {

/// The HEVCDecoderConfigurationRecord of an H.265 `format` (ISO/IEC 14496-15, 8.3.3.1): lengths of
/// four bytes, one VPS, one SPS, one PPS, each array said to be complete as `hvc1` wants it.
[[nodiscard]] std::vector<std::uint8_t> HevcConfiguration(const StreamFormat& format);

/// "hvc1.1.6.L93.B0" (ISO/IEC 14496-15, annex E.3).
[[nodiscard]] std::string HevcCodecString(const StreamFormat& format);

/// Codec and parameter sets back from an hvcC payload: the first of each kind. False where one is
/// missing. Reorder depth is not kept there.
[[nodiscard]] bool ParseHevcConfiguration(std::span<const std::uint8_t> record,
                                          StreamFormat& format);

}  // namespace yagura::storage
