#include "simulate/h264_headers.h"

#include <algorithm>
#include <array>

#include "core/rbsp_reader.h"
#include "core/vui_front.h"

namespace yagura::simulate {
namespace {

constexpr std::size_t kNalHeaderBytes = 1;

void SkipScalingList(BitReader& in, int size) {
  std::int32_t next = 8;
  std::int32_t last = 8;
  for (int i = 0; i < size && !in.broken(); ++i) {
    if (next != 0) next = (last + in.Se() + 256) % 256;
    last = next == 0 ? last : next;
  }
}

bool HasChromaFormat(std::uint32_t profile) {
  constexpr std::array kProfiles = {100U, 110U, 122U, 244U, 44U, 83U, 86U, 118U, 128U};
  return std::ranges::find(kProfiles, profile) != kProfiles.end();
}

void ReadChromaFormat(BitReader& in, SequenceHeader& sequence) {
  const std::uint32_t chroma_format = in.Ue();
  if (chroma_format == 3) sequence.separate_colour_planes = in.Flag();
  (void)in.Ue();           // bit_depth_luma_minus8
  (void)in.Ue();           // bit_depth_chroma_minus8
  (void)in.Flag();         // qpprime_y_zero_transform_bypass_flag
  if (!in.Flag()) return;  // seq_scaling_matrix_present_flag
  const int lists = chroma_format == 3 ? 12 : 8;
  for (int i = 0; i < lists; ++i) {
    if (in.Flag()) SkipScalingList(in, i < 6 ? 16 : 64);
  }
}

std::optional<FrameRate> ReadRate(BitReader& in) {
  SkipPictureProperties(in);
  if (!in.Flag()) return std::nullopt;  // timing_info_present_flag
  const std::uint32_t units_in_tick = in.Bits(32);
  const std::uint32_t time_scale = in.Bits(32);
  if (in.broken() || units_in_tick == 0 || time_scale < 2) return std::nullopt;
  // Two ticks make a frame (E.2.1).
  if (time_scale % 2 == 0) return FrameRate{time_scale / 2, units_in_tick};
  return FrameRate{time_scale, units_in_tick * 2};
}

}  // namespace

Result<SequenceHeader> ParseSequenceHeader(std::span<const std::uint8_t> sps) {
  BitReader in(sps.subspan(kNalHeaderBytes));
  SequenceHeader sequence;
  const std::uint32_t profile = in.Bits(8);
  (void)in.Bits(16);  // constraint flags, level
  (void)in.Ue();      // seq_parameter_set_id
  if (HasChromaFormat(profile)) ReadChromaFormat(in, sequence);
  sequence.frame_num_bits = in.Ue() + 4;
  sequence.order_type = in.Ue();
  if (sequence.order_type == 1) {
    return Failure(ErrorCode::kUnimplemented, "picture order count of type 1");
  }
  if (sequence.order_type == 0) sequence.order_bits = in.Ue() + 4;
  (void)in.Ue();    // max_num_ref_frames
  (void)in.Flag();  // gaps_in_frame_num_value_allowed_flag
  (void)in.Ue();    // pic_width_in_mbs_minus1
  (void)in.Ue();    // pic_height_in_map_units_minus1
  if (!in.Flag() && !in.broken()) return Failure(ErrorCode::kUnimplemented, "interlaced video");
  (void)in.Flag();  // direct_8x8_inference_flag
  if (in.Flag()) {  // frame_cropping_flag
    for (int side = 0; side < 4; ++side) (void)in.Ue();
  }
  if (in.Flag()) sequence.rate = ReadRate(in);
  if (in.broken() || sequence.frame_num_bits > 16 || sequence.order_bits > 16) {
    return Failure(ErrorCode::kInvalidArgument, "broken sequence parameter set");
  }
  return sequence;
}

Result<SliceHeader> ParseSliceHeader(std::span<const std::uint8_t> slice,
                                     const SequenceHeader& sequence) {
  constexpr std::size_t kEnough = 40;  // bytes that the fields read here can take at most
  BitReader in(slice.first(std::min(slice.size(), kEnough)).subspan(kNalHeaderBytes));
  SliceHeader header;
  header.first_macroblock = in.Ue();
  (void)in.Ue();  // slice_type
  (void)in.Ue();  // pic_parameter_set_id
  if (sequence.separate_colour_planes) (void)in.Bits(2);
  (void)in.Bits(sequence.frame_num_bits);
  if (NalTypeOf(slice) == kNalIdrSlice) (void)in.Ue();  // idr_pic_id
  if (sequence.order_type == 0) header.order_lsb = in.Bits(sequence.order_bits);
  if (in.broken()) return Failure(ErrorCode::kInvalidArgument, "broken slice header");
  return header;
}

}  // namespace yagura::simulate
