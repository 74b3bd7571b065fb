#pragma once

#include "core/rbsp_reader.h"

namespace yagura {

/// Passes over the front of a VUI: what ITU-T H.264 (E.1.1) and H.265 (E.2.1) both begin it with.
inline void SkipPictureProperties(BitReader& bits) {
  if (bits.Flag() && bits.Bits(8) == 255) (void)bits.Bits(32);  // aspect_ratio_idc, Extended_SAR
  if (bits.Flag()) (void)bits.Flag();                           // overscan
  if (bits.Flag()) {                                            // video_signal_type
    (void)bits.Bits(4);
    if (bits.Flag()) (void)bits.Bits(24);
  }
  if (bits.Flag()) {  // chroma_loc_info
    (void)bits.Ue();
    (void)bits.Ue();
  }
}

}  // namespace yagura
