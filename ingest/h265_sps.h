#pragma once

#include <cstdint>
#include <span>

#include "core/result.h"
#include "ingest/sequence_info.h"

namespace yagura::ingest {

/// NAL unit types that we look at (ITU-T H.265 table 7-1). A decoder can start at any of
/// kH265BlaWLp to kH265Cra (IRAP pictures).
enum H265NalType : std::uint8_t {
  kH265BlaWLp = 16,
  kH265BlaNLp = 18,
  kH265IdrWRadl = 19,
  kH265IdrNLp = 20,
  kH265Cra = 21,
  kH265Vps = 32,
  kH265Sps = 33,
  kH265Pps = 34,
  kH265Delimiter = 35,
  kH265PrefixSei = 39,
};
[[nodiscard]] constexpr std::uint8_t H265TypeOf(std::uint8_t nal_header) {
  return nal_header >> 1 & 63;
}
[[nodiscard]] constexpr bool IsH265Slice(std::uint8_t type) { return type < kH265Vps; }
/// nuh_layer_id; `nal` has its two header bytes. What is not of layer 0 belongs to extensions.
[[nodiscard]] constexpr std::uint8_t H265LayerOf(std::span<const std::uint8_t> nal) {
  return static_cast<std::uint8_t>((nal[0] & 1) << 5 | nal[1] >> 3);
}

/// Reads a whole SPS NAL unit, header included, from untrusted bytes (ITU-T H.265 7.3.2.2 and
/// E.2.1). kInvalidArgument: it isn't one that the standard allows, or larger than kMaxSidePx. The
/// reorder depth is sps_max_num_reorder_pics of the highest sub-layer.
[[nodiscard]] Result<SequenceInfo> ParseH265Sps(std::span<const std::uint8_t> nal);

}  // namespace yagura::ingest
