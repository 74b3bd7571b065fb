#include "ingest/h264_sps.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/rbsp_reader.h"
#include "core/vui_front.h"
#include "ingest/limits.h"

namespace yagura::ingest {
namespace {

/// Profiles whose SPS has a chroma format and scaling lists (7.3.2.1.1).
bool HasChromaFormat(std::uint8_t profile) {
  constexpr std::array<std::uint8_t, 13> kProfiles = {100, 110, 122, 244, 44,  83, 86,
                                                      118, 128, 138, 139, 134, 135};
  return std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end();
}

/// E.2.1: where constraint_set3_flag makes these profiles intra-only.
bool CanBeIntraOnly(std::uint8_t profile) {
  constexpr std::array<std::uint8_t, 6> kProfiles = {44, 86, 100, 110, 122, 244};
  return std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end();
}

/// Table A-1, MaxDpbMbs.
std::uint32_t MaxDpbMacroblocks(std::uint8_t level, bool level_1b) {
  struct Row {
    std::uint8_t level;
    std::uint32_t macroblocks;
  };
  constexpr std::array<Row, 20> kTable = {
      {{9, 396},      {10, 396},     {11, 900},     {12, 2'376},   {13, 2'376},
       {20, 2'376},   {21, 4'752},   {22, 8'100},   {30, 8'100},   {31, 18'000},
       {32, 20'480},  {40, 32'768},  {41, 32'768},  {42, 34'816},  {50, 110'400},
       {51, 184'320}, {52, 184'320}, {60, 696'320}, {61, 696'320}, {62, 696'320}}};
  if (level_1b) return 396;
  for (const Row& row : kTable) {
    if (level <= row.level) return row.macroblocks;
  }
  return kTable.back().macroblocks;
}

void SkipScalingList(BitReader& bits, int size) {
  std::int32_t last = 8;
  std::int32_t next = 8;
  for (int i = 0; i < size && !bits.broken(); ++i) {
    if (next != 0) next = static_cast<std::int32_t>((std::int64_t{last} + bits.Se() + 256) % 256);
    last = next == 0 ? last : next;
  }
}

/// Returns chroma_format_idc, or 0 for separate colour planes (ChromaArrayType).
std::uint32_t ReadChroma(BitReader& bits) {
  const std::uint32_t chroma = bits.Ue();
  const bool separate_planes = chroma == 3 && bits.Flag();
  (void)bits.Ue();    // bit_depth_luma_minus8
  (void)bits.Ue();    // bit_depth_chroma_minus8
  (void)bits.Flag();  // qpprime_y_zero_transform_bypass_flag
  if (bits.Flag()) {
    const int lists = chroma == 3 ? 12 : 8;
    for (int i = 0; i < lists && !bits.broken(); ++i) {
      if (bits.Flag()) SkipScalingList(bits, i < 6 ? 16 : 64);
    }
  }
  return separate_planes ? 0 : chroma;
}

/// Returns pic_order_cnt_type.
std::uint32_t ReadPictureOrderCount(BitReader& bits) {
  const std::uint32_t type = bits.Ue();
  if (type == 0) (void)bits.Ue();  // log2_max_pic_order_cnt_lsb_minus4
  if (type != 1) return type;
  (void)bits.Flag();  // delta_pic_order_always_zero_flag
  (void)bits.Se();    // offset_for_non_ref_pic
  (void)bits.Se();    // offset_for_top_to_bottom_field
  const std::uint32_t count = bits.Ue();
  for (std::uint32_t i = 0; i < count && !bits.broken(); ++i) (void)bits.Se();
  return type;
}

struct FrameSize {
  std::uint32_t width_mbs = 0;
  std::uint32_t height_mbs = 0;  // of a frame
};

/// frame_cropping: what of the macroblocks is shown (7.4.2.1.1, table 6-1).
Result<void> ReadSize(BitReader& bits, std::uint32_t chroma, FrameSize& frame, SequenceInfo& info) {
  const std::uint64_t width_mbs = std::uint64_t{bits.Ue()} + 1;
  const std::uint64_t map_units = std::uint64_t{bits.Ue()} + 1;
  const bool frames_only = bits.Flag();
  const std::uint64_t height_mbs = map_units * (frames_only ? 1 : 2);
  if (!frames_only) (void)bits.Flag();  // mb_adaptive_frame_field_flag
  (void)bits.Flag();                    // direct_8x8_inference_flag
  if (width_mbs * 16 > kMaxSidePx || height_mbs * 16 > kMaxSidePx)
    return BadSps("the picture is too large");
  std::uint64_t cut_x = 0;
  std::uint64_t cut_y = 0;
  if (bits.Flag()) {
    const std::uint64_t unit_x = chroma == 1 || chroma == 2 ? 2 : 1;
    const std::uint64_t unit_y = (chroma == 1 ? 2u : 1u) * (frames_only ? 1u : 2u);
    cut_x = bits.Ue();
    cut_x = (cut_x + bits.Ue()) * unit_x;
    cut_y = bits.Ue();
    cut_y = (cut_y + bits.Ue()) * unit_y;
  }
  if (cut_x >= width_mbs * 16 || cut_y >= height_mbs * 16)
    return BadSps("nothing is left by the cropping");
  frame = {static_cast<std::uint32_t>(width_mbs), static_cast<std::uint32_t>(height_mbs)};
  info.width_px = static_cast<std::uint32_t>(width_mbs * 16 - cut_x);
  info.height_px = static_cast<std::uint32_t>(height_mbs * 16 - cut_y);
  return {};
}

void SkipHrd(BitReader& bits) {
  const std::uint32_t count = bits.Ue();
  (void)bits.Bits(8);  // bit_rate_scale, cpb_size_scale
  for (std::uint32_t i = 0; i <= count && i < 32 && !bits.broken(); ++i) {
    (void)bits.Ue();
    (void)bits.Ue();
    (void)bits.Flag();
  }
  (void)bits.Bits(20);  // four lengths
}

/// E.1.1. Returns max_num_reorder_frames where the stream tells it.
std::optional<std::uint32_t> ReadVui(BitReader& bits, SequenceInfo& info) {
  SkipPictureProperties(bits);
  if (bits.Flag()) {  // two ticks are one frame (E.2.1)
    info.frame_interval_90k = ReadFrameInterval(bits, 2);
    (void)bits.Flag();  // fixed_frame_rate_flag
  }
  const bool nal_hrd = bits.Flag();
  if (nal_hrd) SkipHrd(bits);
  const bool vcl_hrd = bits.Flag();
  if (vcl_hrd) SkipHrd(bits);
  if (nal_hrd || vcl_hrd) (void)bits.Flag();  // low_delay_hrd_flag
  (void)bits.Flag();                          // pic_struct_present_flag
  if (!bits.Flag()) return std::nullopt;      // bitstream_restriction_flag
  (void)bits.Flag();                          // motion_vectors_over_pic_boundaries_flag
  for (int i = 0; i < 4; ++i) (void)bits.Ue();
  return bits.Ue();
}

/// The three bytes behind the NAL header.
struct Profile {
  std::uint8_t profile = 0;
  std::uint8_t constraints = 0;
  std::uint8_t level = 0;  // 40 is level 4
};

std::uint32_t InferredReorderDepth(const Profile& told, std::uint32_t poc_type,
                                   const FrameSize& frame) {
  const bool set3 = (told.constraints & 0x10) != 0;
  if (poc_type == 2 || (set3 && CanBeIntraOnly(told.profile))) return 0;
  const bool level_1b = told.level == 11 && set3 && !HasChromaFormat(told.profile);
  const std::uint32_t depth =
      MaxDpbMacroblocks(told.level, level_1b) / (frame.width_mbs * frame.height_mbs);
  return std::min(depth, kMaxReorderDepth);
}

}  // namespace

Result<SequenceInfo> ParseH264Sps(std::span<const std::uint8_t> nal) {
  if (nal.size() < 4 || nal.size() > kMaxParameterSetBytes || H264TypeOf(nal[0]) != kNalSps) {
    return BadSps("wrong type or size");
  }
  const Profile profile{nal[1], nal[2], nal[3]};
  BitReader bits(nal.subspan(1));
  (void)bits.Bits(24);  // as just read
  if (bits.Ue() > 31) return BadSps("its number is over 31");
  const std::uint32_t chroma = HasChromaFormat(profile.profile) ? ReadChroma(bits) : 1;
  if (chroma > 3) return BadSps("unknown chroma format");
  (void)bits.Ue();  // log2_max_frame_num_minus4
  const std::uint32_t poc_type = ReadPictureOrderCount(bits);
  if (poc_type > 2) return BadSps("unknown picture order count type");
  (void)bits.Ue();    // max_num_ref_frames
  (void)bits.Flag();  // gaps_in_frame_num_value_allowed_flag
  SequenceInfo info;
  FrameSize frame;
  RETURN_IF_ERROR(ReadSize(bits, chroma, frame, info));
  if (bits.broken()) return BadSps("it ends early");
  std::optional<std::uint32_t> told;
  if (bits.Flag()) told = ReadVui(bits, info);
  if (bits.broken()) told.reset();  // a VUI cut short, as some cameras write it: the rest holds
  info.reorder_depth =
      told && *told <= kMaxReorderDepth ? *told : InferredReorderDepth(profile, poc_type, frame);
  return info;
}

bool IsRecoveryPoint(std::span<const std::uint8_t> sei_nal) {
  RbspReader rbsp(sei_nal.subspan(1, std::min<std::size_t>(sei_nal.size() - 1, 4'096)));
  const auto read_number = [&rbsp] {  // 7.3.2.3.1: a run of 255s and the rest
    std::uint32_t value = 0;
    std::uint8_t byte = 255;
    while (byte == 255 && !rbsp.overrun()) value += byte = rbsp.Byte();
    return value;
  };
  while (!rbsp.AtEnd()) {
    const std::uint32_t type = read_number();
    const std::uint32_t size = read_number();
    if (rbsp.overrun()) return false;
    if (type == 6)
      return size > 0 && rbsp.Byte() >> 7 != 0;  // recovery_frame_cnt ue(v) = 0 is a single one bit
    for (std::uint32_t i = 0; i < size && !rbsp.overrun(); ++i) (void)rbsp.Byte();
  }
  return false;
}

}  // namespace yagura::ingest
