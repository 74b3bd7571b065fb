#include "storage/avc_config.h"

#include <array>
#include <cstdio>

#include "core/rbsp_reader.h"
#include "storage/bytes.h"

namespace yagura::storage {
namespace {

struct SampleLayout {
  std::uint32_t chroma_format = 1;  // 4:2:0
  std::uint32_t luma_depth_minus8 = 0;
  std::uint32_t chroma_depth_minus8 = 0;
};

constexpr std::size_t kSpsFixedBytes = 4;  // NAL header, profile, constraints, level

bool HasLayout(std::uint8_t profile) {
  return profile == 100 || profile == 110 || profile == 122 || profile == 144;
}

SampleLayout LayoutOf(ByteView sps) {
  SampleLayout layout;
  if (sps.size() <= kSpsFixedBytes) return layout;
  BitReader bits(sps.subspan(kSpsFixedBytes));
  (void)bits.Ue();  // seq_parameter_set_id stands before what is wanted
  layout.chroma_format = bits.Ue() & 3;
  if (layout.chroma_format == 3) (void)bits.Flag();  // separate_colour_plane_flag likewise
  layout.luma_depth_minus8 = bits.Ue() & 7;
  layout.chroma_depth_minus8 = bits.Ue() & 7;
  return layout;
}

void WriteParameterSet(ByteWriter& out, ByteView set) {
  out.U16(static_cast<std::uint16_t>(set.size()));
  out.Bytes(set);
}

std::array<std::uint8_t, 3> ProfileAndLevel(const StreamFormat& format) {
  std::array<std::uint8_t, 3> three{};
  for (std::size_t i = 0; i < 3 && i + 1 < format.sps.size(); ++i) three[i] = format.sps[i + 1];
  return three;
}

}  // namespace

std::vector<std::uint8_t> AvcConfiguration(const StreamFormat& format) {
  const auto profile_and_level = ProfileAndLevel(format);
  ByteWriter out;
  out.U8(1);  // configurationVersion
  out.Bytes(profile_and_level);
  out.U8(0xfc | 3);  // lengthSizeMinusOne
  out.U8(0xe0 | 1);  // one SPS
  WriteParameterSet(out, format.sps);
  out.U8(1);  // one PPS
  WriteParameterSet(out, format.pps);
  if (HasLayout(profile_and_level[0])) {
    const SampleLayout layout = LayoutOf(format.sps);
    out.U8(static_cast<std::uint8_t>(0xfc | layout.chroma_format));
    out.U8(static_cast<std::uint8_t>(0xf8 | layout.luma_depth_minus8));
    out.U8(static_cast<std::uint8_t>(0xf8 | layout.chroma_depth_minus8));
    out.U8(0);  // no SPS extensions
  }
  return out.Take();
}

std::string AvcCodecString(const StreamFormat& format) {
  const auto three = ProfileAndLevel(format);
  std::array<char, 16> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "avc1.%02x%02x%02x", three[0], three[1], three[2]);
  return {text.data(), static_cast<std::size_t>(length)};
}

bool ParseAvcConfiguration(std::span<const std::uint8_t> record, StreamFormat& format) {
  ByteReader in(record);
  const std::uint8_t version = in.U8();
  (void)in.Bytes(
      4);  // profile, constraints and level stand in the SPS; lengths are always of four bytes
  const std::uint8_t sps_count = in.U8() & 0x1f;
  const ByteView sps = in.Bytes(in.U16());
  const std::uint8_t pps_count = in.U8();
  const ByteView pps = in.Bytes(in.U16());
  if (!in.ok() || version != 1 || sps_count != 1 || pps_count != 1) return false;
  format.codec = Codec::kH264;
  format.vps.clear();
  format.sps.assign(sps.begin(), sps.end());
  format.pps.assign(pps.begin(), pps.end());
  return true;
}

}  // namespace yagura::storage
