#include "ingest/h265_sps.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/h265_sps_front.h"
#include "core/vui_front.h"
#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

constexpr std::uint32_t kMaxSubLayersMinus1 = 6;
constexpr std::uint32_t kMaxShortTermSets = 64;
constexpr std::uint32_t kMaxLongTermPictures = 32;
constexpr std::size_t kMaxDeltas = 16;  // reference pictures of a set

/// The picture's size and its conformance window (7.4.3.2.1, table 6-1).
Result<void> ReadSize(BitReader& bits, SequenceInfo& info) {
  const std::uint32_t chroma = bits.Ue();
  if (chroma > 3) return BadSps("unknown chroma format");
  if (chroma == 3) (void)bits.Flag();  // separate_colour_plane_flag
  const std::uint64_t width = bits.Ue();
  const std::uint64_t height = bits.Ue();
  if (width > kMaxSidePx || height > kMaxSidePx) return BadSps("the picture is too large");
  std::uint64_t cut_x = 0;
  std::uint64_t cut_y = 0;
  if (bits.Flag()) {
    cut_x = bits.Ue();
    cut_x = (cut_x + bits.Ue()) * (chroma == 1 || chroma == 2 ? 2 : 1);
    cut_y = bits.Ue();
    cut_y = (cut_y + bits.Ue()) * (chroma == 1 ? 2 : 1);
  }
  if (cut_x >= width || cut_y >= height) return BadSps("nothing is left by the cropping");
  info.width_px = static_cast<std::uint32_t>(width - cut_x);
  info.height_px = static_cast<std::uint32_t>(height - cut_y);
  return {};
}

/// sps_max_num_reorder_pics of the highest sub-layer.
std::uint32_t ReadReorderDepth(BitReader& bits, std::uint32_t sub_layers) {
  std::uint32_t depth = 0;
  for (std::uint32_t i = bits.Flag() ? 0 : sub_layers; i <= sub_layers && !bits.broken(); ++i) {
    (void)bits.Ue();  // sps_max_dec_pic_buffering_minus1
    depth = bits.Ue();
    (void)bits.Ue();  // sps_max_latency_increase_plus1
  }
  return depth;
}

/// 7.3.4.
void SkipScalingLists(BitReader& bits) {
  for (int size = 0; size < 4; ++size) {
    for (int matrix = 0; matrix < 6 && !bits.broken(); matrix += size == 3 ? 3 : 1) {
      if (!bits.Flag()) {
        (void)bits.Ue();  // scaling_list_pred_matrix_id_delta
        continue;
      }
      if (size > 1) (void)bits.Se();  // scaling_list_dc_coef_minus8
      const int coefficients = std::min(64, 1 << (4 + 2 * size));
      for (int i = 0; i < coefficients && !bits.broken(); ++i) (void)bits.Se();
    }
  }
}

/// Distances to the pictures of a short-term set: those before, nearest first, then those behind.
using Deltas = std::vector<std::int64_t>;

void Order(Deltas& deltas) {
  std::sort(deltas.begin(), deltas.end(), [](std::int64_t a, std::int64_t b) {
    return (a < 0) != (b < 0) ? a < 0 : std::abs(a) < std::abs(b);
  });
}

/// One predicted from the set before (7.4.8, 7-61 and 7-62): how many it has decides how long the
/// next is.
Deltas ReadPredictedSet(BitReader& bits, const Deltas& before) {
  const bool negative = bits.Flag();
  const auto distance = static_cast<std::int64_t>(bits.Ue()) + 1;
  const std::int64_t delta = negative ? -distance : distance;
  Deltas deltas;
  for (std::size_t i = 0; i <= before.size() && !bits.broken(); ++i) {
    const bool kept = bits.Flag() || bits.Flag();  // used_by_curr_pic_flag, else use_delta_flag
    const std::int64_t sum = (i < before.size() ? before[i] : 0) + delta;
    if (kept && sum != 0) deltas.push_back(sum);
  }
  Order(deltas);
  return deltas;
}

Deltas ReadOwnSet(BitReader& bits) {
  const std::size_t before = bits.Ue();
  const std::size_t behind = bits.Ue();
  Deltas deltas;
  if (before + behind > kMaxDeltas) return Deltas(kMaxDeltas + 1);
  for (std::size_t i = 0, last = 0; i < before + behind && !bits.broken(); ++i) {
    if (i == before) last = 0;
    last += std::size_t{bits.Ue()} + 1;
    deltas.push_back(i < before ? -static_cast<std::int64_t>(last)
                                : static_cast<std::int64_t>(last));
    (void)bits.Flag();  // used_by_curr_pic_flag
  }
  return deltas;
}

/// 7.3.7. False: no more can be read.
bool SkipShortTermSets(BitReader& bits) {
  const std::uint32_t count = bits.Ue();
  if (count > kMaxShortTermSets) return false;
  Deltas deltas;
  for (std::uint32_t i = 0; i < count && !bits.broken(); ++i) {
    deltas = i > 0 && bits.Flag() ? ReadPredictedSet(bits, deltas) : ReadOwnSet(bits);
    if (deltas.size() > kMaxDeltas) return false;
  }
  return !bits.broken();
}

/// From behind the sub-layers to the VUI. False: there is none, or it can't be found.
bool SkipToVui(BitReader& bits, int poc_bits) {
  for (int i = 0; i < 6; ++i) (void)bits.Ue();             // block sizes and depths
  if (bits.Flag() && bits.Flag()) SkipScalingLists(bits);  // enabled, and in here
  (void)bits.Bits(2);                                      // amp, sample adaptive offset
  if (bits.Flag()) {                                       // pcm
    (void)bits.Bits(8);
    (void)bits.Ue();
    (void)bits.Ue();
    (void)bits.Flag();
  }
  if (!SkipShortTermSets(bits)) return false;
  if (bits.Flag()) {  // long_term_ref_pics_present_flag
    const std::uint32_t count = bits.Ue();
    if (count > kMaxLongTermPictures) return false;
    for (std::uint32_t i = 0; i < count; ++i) (void)bits.Bits(poc_bits + 1);
  }
  (void)bits.Bits(2);  // temporal_mvp, strong_intra_smoothing
  return bits.Flag() && !bits.broken();
}

/// E.2.1, as far as the timing.
std::uint32_t ReadIntervalFromVui(BitReader& bits) {
  SkipPictureProperties(bits);
  (void)bits.Bits(3);  // neutral_chroma, field_seq, frame_field_info
  if (bits.Flag()) {   // default_display_window
    for (int i = 0; i < 4; ++i) (void)bits.Ue();
  }
  const std::uint32_t interval = bits.Flag() ? ReadFrameInterval(bits, 1) : 0;
  return bits.broken() ? 0 : interval;  // a VUI cut short: the rest holds
}

}  // namespace

Result<SequenceInfo> ParseH265Sps(std::span<const std::uint8_t> nal) {
  if (nal.size() < 3 || nal.size() > kMaxParameterSetBytes || H265TypeOf(nal[0]) != kH265Sps) {
    return BadSps("wrong type or size");
  }
  BitReader bits(nal.subspan(2));
  const std::uint32_t sub_layers = ReadH265SpsFront(bits).sub_layers_minus1;
  if (sub_layers > kMaxSubLayersMinus1) return BadSps("too many sub-layers");
  if (bits.Ue() > 15) return BadSps("its number is over 15");
  SequenceInfo info;
  RETURN_IF_ERROR(ReadSize(bits, info));
  (void)bits.Ue();  // bit_depth_luma_minus8
  (void)bits.Ue();  // bit_depth_chroma_minus8
  const std::uint32_t poc_bits_minus4 = bits.Ue();
  if (poc_bits_minus4 > 12) return BadSps("picture order counts are too long");
  info.reorder_depth = ReadReorderDepth(bits, sub_layers);
  if (bits.broken()) return BadSps("it ends early");
  if (info.reorder_depth >= kMaxReorderDepth) return BadSps("the reorder depth is over 15");
  if (SkipToVui(bits, static_cast<int>(poc_bits_minus4) + 4))
    info.frame_interval_90k = ReadIntervalFromVui(bits);
  return info;
}

}  // namespace yagura::ingest
