#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/access_unit.h"

namespace yagura::storage {

/// What `esds` holds for a JPEG `format` (ISO/IEC 14496-14, 5.6; 14496-1, 7.2.6): an elementary
/// stream of object type 0x6C (ISO/IEC 10918-1), with the pictures' frame header as its decoder
/// specific information: no decoder needs it, since each picture has it too; we do.
[[nodiscard]] std::vector<std::uint8_t> JpegConfiguration(const StreamFormat& format);

/// "mp4v.6C" (RFC 6381, 3.3).
[[nodiscard]] std::string JpegCodecString(const StreamFormat& format);

/// Codec and frame header back from such a payload; false where it is not one of ours.
[[nodiscard]] bool ParseJpegConfiguration(std::span<const std::uint8_t> record,
                                          StreamFormat& format);

}  // namespace yagura::storage
