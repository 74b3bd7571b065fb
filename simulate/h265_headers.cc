#include "simulate/h265_headers.h"

#include <algorithm>

#include "core/h265_sps_front.h"
#include "core/rbsp_reader.h"
#include "core/vui_front.h"

namespace yagura::simulate {
namespace {

constexpr std::uint32_t kSubLayersMax = 7;

tl::unexpected<Error> Broken(const char* what) {
  return Failure(ErrorCode::kInvalidArgument, std::string("broken ") + what);
}

/// One short-term set of its own (7.3.7). False: predicted from another.
bool SkipReferenceSet(BitReader& in, bool first) {
  if (!first && in.Flag()) return false;
  const std::uint32_t count = in.Ue() + in.Ue();
  for (std::uint32_t i = 0; i < count && !in.broken(); ++i) {
    (void)in.Ue();
    (void)in.Flag();
  }
  return true;
}

/// From behind the sub-layers to the VUI. False: not found.
bool FindVui(BitReader& in, std::uint32_t order_bits) {
  for (int i = 0; i < 6; ++i) (void)in.Ue();  // block sizes and depths
  if (in.Flag() && in.Flag()) return false;   // scaling lists in here
  (void)in.Bits(2);                           // amp, sample adaptive offset
  if (in.Flag()) {                            // pcm
    (void)in.Bits(8);
    (void)in.Ue();
    (void)in.Ue();
    (void)in.Flag();
  }
  const std::uint32_t sets = in.Ue();
  for (std::uint32_t i = 0; i < sets && !in.broken(); ++i) {
    if (!SkipReferenceSet(in, i == 0)) return false;
  }
  const std::uint32_t long_term = in.Flag() ? in.Ue() : 0;
  for (std::uint32_t i = 0; i < long_term && !in.broken(); ++i) (void)in.Bits(order_bits + 1);
  (void)in.Bits(2);  // temporal_mvp, strong_intra_smoothing
  return in.Flag() && !in.broken();
}

std::optional<FrameRate> ReadRate(BitReader& in) {
  SkipPictureProperties(in);
  (void)in.Bits(3);  // neutral chroma, fields, frame field info
  if (in.Flag()) {   // default_display_window_flag
    for (int side = 0; side < 4; ++side) (void)in.Ue();
  }
  if (!in.Flag()) return std::nullopt;  // vui_timing_info_present_flag
  const std::uint32_t units_in_tick = in.Bits(32);
  const std::uint32_t time_scale = in.Bits(32);
  if (in.broken() || units_in_tick == 0 || time_scale == 0) return std::nullopt;
  return FrameRate{time_scale, units_in_tick};
}

}  // namespace

bool IsH265OrderReference(std::span<const std::uint8_t> slice) {
  const std::uint8_t type = H265NalTypeOf(slice);
  const bool lowest_layer = (slice[1] & 7) == 1;
  const bool leads = type >= 6 && type <= kH265NalRasl;
  const bool no_reference = type < kH265NalBlaFirst && type % 2 == 0;
  return lowest_layer && !leads && !no_reference;
}

Result<H265SequenceHeader> ParseH265SequenceHeader(std::span<const std::uint8_t> sps) {
  BitReader in(sps.subspan(kH265NalHeaderBytes));
  H265SequenceHeader sequence;
  const std::uint32_t further_layers = ReadH265SpsFront(in).sub_layers_minus1;
  if (further_layers >= kSubLayersMax) return Broken("sequence parameter set");
  (void)in.Ue();  // sps_seq_parameter_set_id
  if (in.Ue() == 3) sequence.separate_colour_planes = in.Flag();
  (void)in.Ue();    // width
  (void)in.Ue();    // height
  if (in.Flag()) {  // conformance_window_flag
    for (int side = 0; side < 4; ++side) (void)in.Ue();
  }
  (void)in.Ue();  // bit_depth_luma_minus8
  (void)in.Ue();  // bit_depth_chroma_minus8
  sequence.order_bits = in.Ue() + 4;
  for (std::uint32_t i = in.Flag() ? 0 : further_layers; i <= further_layers; ++i) {
    for (int field = 0; field < 3; ++field) (void)in.Ue();
  }
  if (in.broken() || sequence.order_bits > 16) return Broken("sequence parameter set");
  if (FindVui(in, sequence.order_bits)) sequence.rate = ReadRate(in);
  return sequence;
}

Result<H265PictureHeader> ParseH265PictureHeader(std::span<const std::uint8_t> pps) {
  BitReader in(pps.subspan(kH265NalHeaderBytes));
  H265PictureHeader picture;
  (void)in.Ue();    // pps_pic_parameter_set_id
  (void)in.Ue();    // pps_seq_parameter_set_id
  (void)in.Flag();  // dependent_slice_segments_enabled_flag
  picture.output_flag_present = in.Flag();
  picture.extra_slice_header_bits = in.Bits(3);
  if (in.broken()) return Broken("picture parameter set");
  return picture;
}

Result<H265SliceHeader> ParseH265SliceHeader(std::span<const std::uint8_t> slice,
                                             const H265SequenceHeader& sequence,
                                             const H265PictureHeader& picture) {
  constexpr std::size_t kEnough = 40;  // bytes that the fields read here can take at most
  BitReader in(slice.first(std::min(slice.size(), kEnough)).subspan(kH265NalHeaderBytes));
  const std::uint8_t type = H265NalTypeOf(slice);
  H265SliceHeader header;
  header.first_of_picture = in.Flag();
  if (!header.first_of_picture) return header;
  if (IsH265Irap(type)) (void)in.Flag();  // no_output_of_prior_pics_flag
  (void)in.Ue();                          // slice_pic_parameter_set_id
  (void)in.Bits(picture.extra_slice_header_bits);
  (void)in.Ue();  // slice_type
  if (picture.output_flag_present) (void)in.Flag();
  if (sequence.separate_colour_planes) (void)in.Bits(2);
  if (!IsH265Idr(type)) header.order_lsb = in.Bits(sequence.order_bits);
  if (in.broken()) return Broken("slice header");
  return header;
}

}  // namespace yagura::simulate
