#pragma once

#include <array>
#include <cstdint>

#include "core/rbsp_reader.h"

namespace yagura {

/// What an H.265 sequence parameter set begins with (ITU-T H.265 7.3.2.2 and 7.3.3), up to its own
/// number.
struct H265SpsFront {
  std::uint32_t sub_layers_minus1 = 0;  // 7 can't be
  bool temporal_id_nested = false;
  /// general_profile_space(2) tier(1) profile_idc(5), compatibility(32), constraints(48), level(8).
  std::array<std::uint8_t, 12> profile_tier_level{};
};

/// `bits` stands behind the NAL header.
[[nodiscard]] inline H265SpsFront ReadH265SpsFront(BitReader& bits) {
  constexpr int kProfileBits = 88;
  constexpr int kLevelBits = 8;
  H265SpsFront front;
  (void)bits.Bits(4);  // sps_video_parameter_set_id
  front.sub_layers_minus1 = bits.Bits(3);
  front.temporal_id_nested = bits.Flag();
  for (std::uint8_t& byte : front.profile_tier_level)
    byte = static_cast<std::uint8_t>(bits.Bits(8));
  int to_skip = 0;
  for (std::uint32_t i = 0; i < front.sub_layers_minus1; ++i) {
    if (bits.Flag()) to_skip += kProfileBits;
    if (bits.Flag()) to_skip += kLevelBits;
  }
  if (front.sub_layers_minus1 > 0)
    to_skip += 2 * static_cast<int>(8 - front.sub_layers_minus1);  // reserved
  for (; to_skip > 0; --to_skip) (void)bits.Flag();
  return front;
}

}  // namespace yagura
