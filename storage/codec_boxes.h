#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/access_unit.h"

namespace yagura::storage {

/// What differs between codecs in a file (ISO/IEC 14496-15).
struct CodecBoxes {
  Codec codec;
  std::uint32_t sample_entry;   // the type of its box: 'avc1', 'hvc1', 'mp4v'
  std::uint32_t configuration;  // of the one in it: 'avcC', 'hvcC', 'esds'
  std::string_view brand;       // beside those that all files have; empty: none
  std::vector<std::uint8_t> (*make_configuration)(const StreamFormat& format);
  bool (*parse_configuration)(std::span<const std::uint8_t> record, StreamFormat& format);
  std::string (*codec_string)(const StreamFormat& format);
};

[[nodiscard]] std::span<const CodecBoxes> AllCodecBoxes();
[[nodiscard]] const CodecBoxes& CodecBoxesOf(Codec codec);

/// What a decoder has to know first: the payload of `avcC`, `hvcC` or `esds`.
[[nodiscard]] std::vector<std::uint8_t> DecoderConfiguration(const StreamFormat& format);
/// "avc1.4d401f" (RFC 6381, 3.3), "hvc1.1.6.L93.B0", "mp4v.6C".
[[nodiscard]] std::string CodecString(const StreamFormat& format);

}  // namespace yagura::storage
