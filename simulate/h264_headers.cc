#include "simulate/h264_headers.h"

#include <algorithm>
#include <array>
#include <vector>

namespace yagura::simulate {
namespace {

/// Bits of a NAL unit's payload without its emulation prevention bytes (7.3.1). Past the end, zeros
/// come and ok() is false.
class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> nal) {
    int zeros = 0;
    for (const std::uint8_t byte : nal.subspan(std::min<std::size_t>(nal.size(), 1))) {
      const bool prevention = zeros >= 2 && byte == 3;
      zeros = byte == 0 ? zeros + 1 : 0;
      if (!prevention) bytes_.push_back(byte);
    }
  }

  std::uint32_t Bits(std::uint32_t count) {
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < count; ++i) value = value << 1 | Bit();
    return value;
  }
  bool Flag() { return Bit() != 0; }
  /// ue(v), 9.1
  std::uint32_t Exp() {
    std::uint32_t zeros = 0;
    while (ok() && Bit() == 0) ++zeros;
    if (zeros > 31) ok_ = false;
    return ok() ? (1U << zeros) - 1 + Bits(zeros) : 0;
  }
  /// se(v), 9.1.1
  std::int32_t SignedExp() {
    const auto code = static_cast<std::int32_t>(Exp());
    return code % 2 == 0 ? -(code / 2) : code / 2 + 1;
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::uint32_t Bit() {
    if (at_ / 8 >= bytes_.size()) {
      ok_ = false;
      return 0;
    }
    const std::uint32_t bit = (bytes_[at_ / 8] >> (7 - at_ % 8)) & 1U;
    ++at_;
    return bit;
  }

  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

void SkipScalingList(BitReader& in, int size) {
  std::int32_t next = 8;
  std::int32_t last = 8;
  for (int i = 0; i < size && in.ok(); ++i) {
    if (next != 0) next = (last + in.SignedExp() + 256) % 256;
    last = next == 0 ? last : next;
  }
}

bool HasChromaFormat(std::uint32_t profile) {
  constexpr std::array kProfiles = {100U, 110U, 122U, 244U, 44U, 83U, 86U, 118U, 128U};
  return std::ranges::find(kProfiles, profile) != kProfiles.end();
}

void ReadChromaFormat(BitReader& in, SequenceHeader& sequence) {
  const std::uint32_t chroma_format = in.Exp();
  if (chroma_format == 3) sequence.separate_colour_planes = in.Flag();
  in.Exp();                // bit_depth_luma_minus8
  in.Exp();                // bit_depth_chroma_minus8
  in.Flag();               // qpprime_y_zero_transform_bypass_flag
  if (!in.Flag()) return;  // seq_scaling_matrix_present_flag
  const int lists = chroma_format == 3 ? 12 : 8;
  for (int i = 0; i < lists; ++i) {
    if (in.Flag()) SkipScalingList(in, i < 6 ? 16 : 64);
  }
}

std::optional<FrameRate> ReadRate(BitReader& in) {
  constexpr std::uint32_t kExtendedAspect = 255;
  if (in.Flag() && in.Bits(8) == kExtendedAspect) in.Bits(32);  // sar_width, sar_height
  if (in.Flag()) in.Flag();                                     // overscan
  if (in.Flag()) {                                              // video_signal_type_present_flag
    in.Bits(4);
    if (in.Flag()) in.Bits(24);
  }
  if (in.Flag()) {  // chroma_loc_info_present_flag
    in.Exp();
    in.Exp();
  }
  if (!in.Flag()) return std::nullopt;  // timing_info_present_flag
  const std::uint32_t units_in_tick = in.Bits(32);
  const std::uint32_t time_scale = in.Bits(32);
  if (!in.ok() || units_in_tick == 0 || time_scale < 2) return std::nullopt;
  // Two ticks make a frame (E.2.1).
  if (time_scale % 2 == 0) return FrameRate{time_scale / 2, units_in_tick};
  return FrameRate{time_scale, units_in_tick * 2};
}

}  // namespace

Result<SequenceHeader> ParseSequenceHeader(std::span<const std::uint8_t> sps) {
  BitReader in(sps);
  SequenceHeader sequence;
  const std::uint32_t profile = in.Bits(8);
  in.Bits(16);  // constraint flags, level
  in.Exp();     // seq_parameter_set_id
  if (HasChromaFormat(profile)) ReadChromaFormat(in, sequence);
  sequence.frame_num_bits = in.Exp() + 4;
  sequence.order_type = in.Exp();
  if (sequence.order_type == 1) {
    return Failure(ErrorCode::kUnimplemented, "picture order count of type 1");
  }
  if (sequence.order_type == 0) sequence.order_bits = in.Exp() + 4;
  in.Exp();   // max_num_ref_frames
  in.Flag();  // gaps_in_frame_num_value_allowed_flag
  in.Exp();   // pic_width_in_mbs_minus1
  in.Exp();   // pic_height_in_map_units_minus1
  if (!in.Flag() && in.ok()) return Failure(ErrorCode::kUnimplemented, "interlaced video");
  in.Flag();        // direct_8x8_inference_flag
  if (in.Flag()) {  // frame_cropping_flag
    for (int side = 0; side < 4; ++side) in.Exp();
  }
  if (in.Flag()) sequence.rate = ReadRate(in);
  if (!in.ok() || sequence.frame_num_bits > 16 || sequence.order_bits > 16) {
    return Failure(ErrorCode::kInvalidArgument, "broken sequence parameter set");
  }
  return sequence;
}

Result<SliceHeader> ParseSliceHeader(std::span<const std::uint8_t> slice,
                                     const SequenceHeader& sequence) {
  constexpr std::size_t kEnough = 40;  // bytes that the fields read here can take at most
  BitReader in(slice.first(std::min(slice.size(), kEnough)));
  SliceHeader header;
  header.first_macroblock = in.Exp();
  in.Exp();  // slice_type
  in.Exp();  // pic_parameter_set_id
  if (sequence.separate_colour_planes) in.Bits(2);
  in.Bits(sequence.frame_num_bits);
  if (NalTypeOf(slice) == kNalIdrSlice) in.Exp();  // idr_pic_id
  if (sequence.order_type == 0) header.order_lsb = in.Bits(sequence.order_bits);
  if (!in.ok()) return Failure(ErrorCode::kInvalidArgument, "broken slice header");
  return header;
}

}  // namespace yagura::simulate
