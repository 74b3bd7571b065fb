#include "storage/hevc_config.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/h265_sps_front.h"
#include "storage/bytes.h"

namespace yagura::storage {
namespace {

// NAL unit types (ITU-T H.265 table 7-1).
constexpr std::uint8_t kVps = 32;
constexpr std::uint8_t kSps = 33;
constexpr std::uint8_t kPps = 34;
constexpr std::size_t kNalHeaderBytes = 2;
constexpr std::size_t kFixedBytes = 22;  // of a record, before the number of arrays

/// What a record repeats of the SPS. One too short to have it is taken for 8-bit 4:2:0.
struct SpsFacts {
  H265SpsFront front;
  std::uint32_t chroma_format = 1;
  std::uint32_t luma_depth_minus8 = 0;
  std::uint32_t chroma_depth_minus8 = 0;
};

SpsFacts FactsOf(ByteView sps) {
  BitReader bits(sps.subspan(std::min(sps.size(), kNalHeaderBytes)));
  SpsFacts facts;
  facts.front = ReadH265SpsFront(bits);
  (void)bits.Ue();  // sps_seq_parameter_set_id
  facts.chroma_format = bits.Ue() & 3;
  if (facts.chroma_format == 3) (void)bits.Flag();  // separate_colour_plane_flag
  (void)bits.Ue();                                  // width
  (void)bits.Ue();                                  // height
  if (bits.Flag()) {                                // conformance window
    for (int side = 0; side < 4; ++side) (void)bits.Ue();
  }
  facts.luma_depth_minus8 = bits.Ue() & 7;
  facts.chroma_depth_minus8 = bits.Ue() & 7;
  return bits.broken() ? SpsFacts{.front = facts.front} : facts;
}

void WriteArray(ByteWriter& out, std::uint8_t type, ByteView nal) {
  constexpr std::uint8_t kComplete = 0x80;
  out.U8(kComplete | type);
  out.U16(1);
  out.U16(static_cast<std::uint16_t>(nal.size()));
  out.Bytes(nal);
}

std::uint32_t Reversed(std::uint32_t bits) {
  std::uint32_t reversed = 0;
  for (int i = 0; i < 32; ++i) reversed = reversed << 1 | (bits >> i & 1);
  return reversed;
}

/// In upper case, without zeros in front.
std::string Hex(std::uint32_t value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  do {
    text.insert(text.begin(), kDigits[value & 0xf]);
    value >>= 4;
  } while (value != 0);
  return text;
}

}  // namespace

std::vector<std::uint8_t> HevcConfiguration(const StreamFormat& format) {
  const SpsFacts facts = FactsOf(format.sps);
  ByteWriter out;
  out.U8(1);  // configurationVersion
  out.Bytes(facts.front.profile_tier_level);
  out.U16(0xf000);  // min_spatial_segmentation_idc: not told
  out.U8(0xfc);     // parallelismType: not told
  out.U8(static_cast<std::uint8_t>(0xfc | facts.chroma_format));
  out.U8(static_cast<std::uint8_t>(0xf8 | facts.luma_depth_minus8));
  out.U8(static_cast<std::uint8_t>(0xf8 | facts.chroma_depth_minus8));
  out.U16(0);  // avgFrameRate: not told
  const std::uint32_t layers = facts.front.sub_layers_minus1 + 1;
  const std::uint32_t nested = facts.front.temporal_id_nested ? 1 : 0;
  out.U8(static_cast<std::uint8_t>((layers & 7) << 3 | nested << 2 | 3));  // lengthSizeMinusOne
  out.U8(3);
  WriteArray(out, kVps, format.vps);
  WriteArray(out, kSps, format.sps);
  WriteArray(out, kPps, format.pps);
  return out.Take();
}

/// Profile (space as a letter, number), compatibility with its bits in reverse, tier and level,
/// then the constraint bytes without zeros at their end.
std::string HevcCodecString(const StreamFormat& format) {
  const auto told = FactsOf(format.sps).front.profile_tier_level;
  const std::uint32_t compatibility = static_cast<std::uint32_t>(told[1]) << 24 |
                                      static_cast<std::uint32_t>(told[2]) << 16 |
                                      static_cast<std::uint32_t>(told[3]) << 8 | told[4];
  const int space = told[0] >> 6;
  std::string text = "hvc1.";
  if (space > 0) text += static_cast<char>('A' + space - 1);
  text += std::to_string(told[0] & 31) + "." + Hex(Reversed(compatibility));
  text += ((told[0] & 0x20) != 0 ? ".H" : ".L") + std::to_string(told[11]);
  std::size_t end = 11;
  while (end > 5 && told[end - 1] == 0) --end;
  for (std::size_t i = 5; i < end; ++i) text += "." + Hex(told[i]);
  return text;
}

bool ParseHevcConfiguration(std::span<const std::uint8_t> record, StreamFormat& format) {
  ByteReader in(record);
  const ByteView fixed = in.Bytes(kFixedBytes);
  const std::uint8_t arrays = in.U8();
  if (!in.ok() || fixed[0] != 1) return false;
  const std::array<std::pair<std::uint8_t, std::vector<std::uint8_t>*>, 3> wanted = {
      {{kVps, &format.vps}, {kSps, &format.sps}, {kPps, &format.pps}}};
  for (const auto& [type, nal] : wanted) nal->clear();
  for (std::uint8_t i = 0; i < arrays && in.ok(); ++i) {
    const std::uint8_t type = in.U8() & 0x3f;
    for (std::uint16_t count = in.U16(); count > 0 && in.ok(); --count) {
      const ByteView nal = in.Bytes(in.U16());
      for (const auto& [wanted_type, to] : wanted) {
        if (wanted_type == type && to->empty()) to->assign(nal.begin(), nal.end());
      }
    }
  }
  format.codec = Codec::kH265;
  return in.ok() && !format.vps.empty() && !format.sps.empty() && !format.pps.empty();
}

}  // namespace yagura::storage
