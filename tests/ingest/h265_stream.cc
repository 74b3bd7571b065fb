#include "tests/ingest/h265_stream.h"

namespace yagura::testing {
namespace {

void WriteProfileTierLevel(BitWriter& bits, std::uint32_t sub_layers) {
  bits.Bits(0, 2).Flag(false).Bits(1, 5).Bits(0x6000'0000, 32);  // Main
  bits.Bits(0x9000, 16).Bits(0, 32).Bits(93, 8);                 // constraints; level 3.1
  if (sub_layers == 1) return;
  for (std::uint32_t i = 1; i < sub_layers; ++i) bits.Flag(true).Flag(true);
  for (std::uint32_t i = sub_layers - 1; i < 8; ++i) bits.Bits(0, 2);
  for (std::uint32_t i = 1; i < sub_layers; ++i)
    bits.Bits(0, 32).Bits(0, 32).Bits(0, 24).Bits(90, 8);
}

/// One with both kinds, and two predicted from the one before.
void WriteReferenceSets(BitWriter& bits) {
  bits.Ue(3);
  bits.Ue(2).Ue(1);                                  // two before, one behind
  bits.Ue(0).Flag(true).Ue(1).Flag(false);           // -1, -3
  bits.Ue(1).Flag(true);                             // 2
  bits.Flag(true).Flag(true).Ue(0);                  // moved by -1: -2, -4, 1, and -1
  bits.Flag(true).Flag(true).Flag(true).Flag(true);  // so four of them
  bits.Flag(true).Flag(false).Ue(0);                 // moved by 1: the one at -1 would be 0
  bits.Flag(true).Flag(false).Flag(true).Flag(true).Flag(false).Flag(false);
  bits.Flag(true);
}

/// All are as those of another matrix, but for the first two of each size.
void WriteScalingLists(BitWriter& bits) {
  bits.Flag(true).Flag(true);
  for (int size = 0; size < 4; ++size) {
    for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
      if (matrix != 0) {
        bits.Flag(false).Ue(0);
        continue;
      }
      bits.Flag(true);
      if (size > 1) bits.Ue(3);
      for (int i = 0; i < (size == 0 ? 16 : 64); ++i) bits.Ue(static_cast<std::uint32_t>(i % 5));
    }
  }
}

void WriteVui(BitWriter& bits, const H265SpsFields& fields) {
  bits.Flag(true).Bits(255, 8).Bits(1, 16).Bits(1, 16);  // aspect
  bits.Flag(false);                                      // overscan
  bits.Flag(true).Bits(5, 3).Flag(false).Flag(true).Bits(1, 8).Bits(1, 8).Bits(1, 8);
  bits.Flag(true).Ue(0).Ue(0);  // chroma location
  bits.Flag(false).Flag(false).Flag(false);
  bits.Flag(true).Ue(0).Ue(0).Ue(0).Ue(2);  // default display window: not what is recorded
  bits.Flag(true).Bits(fields.units_in_tick, 32).Bits(fields.time_scale, 32);
  bits.Flag(false).Flag(false).Flag(false);
}

}  // namespace

Bytes MakeH265Sps(const H265SpsFields& fields) {
  BitWriter bits;
  bits.Bits(0, 4).Bits(fields.sub_layers - 1, 3).Flag(true);
  WriteProfileTierLevel(bits, fields.sub_layers);
  bits.Ue(0).Ue(fields.chroma_format);
  if (fields.chroma_format == 3) bits.Flag(false);
  bits.Ue(fields.width_px).Ue(fields.height_px).Flag(fields.crop_bottom > 0);
  if (fields.crop_bottom > 0) bits.Ue(0).Ue(0).Ue(0).Ue(fields.crop_bottom);
  bits.Ue(0).Ue(0).Ue(4).Flag(false).Ue(4).Ue(fields.reorder_pictures).Ue(0);
  bits.Ue(0).Ue(3).Ue(0).Ue(3).Ue(0).Ue(0);
  fields.scaling_lists ? WriteScalingLists(bits) : (void)bits.Flag(false);
  bits.Flag(false).Flag(true);
  bits.Flag(true).Bits(7, 4).Bits(7, 4).Ue(0).Ue(2).Flag(true);  // pcm
  fields.reference_sets ? WriteReferenceSets(bits) : (void)bits.Ue(0);
  bits.Flag(true).Ue(1).Bits(9, 8).Flag(true);  // long-term
  bits.Flag(true).Flag(true).Flag(fields.units_in_tick != 0);
  if (fields.units_in_tick != 0) WriteVui(bits, fields);
  return bits.Flag(false).Nal({0x42, 0x01});
}

Bytes MakeH265Vps() {
  BitWriter bits;
  bits.Bits(0, 4).Flag(true).Flag(true).Bits(0, 6).Bits(0, 3).Flag(true).Bits(0xffff, 16);
  WriteProfileTierLevel(bits, 1);
  return bits.Flag(false).Ue(4).Ue(0).Ue(0).Bits(0, 6).Ue(0).Flag(false).Flag(false).Nal(
      {0x40, 0x01});
}

Bytes MakeH265Pps() {
  return BitWriter().Ue(0).Ue(0).Flag(false).Flag(false).Bits(0, 3).Nal({0x44, 0x01});
}

Bytes MakeH265Slice(std::uint8_t type, std::size_t size_bytes, std::uint32_t fill, bool first) {
  Bytes nal(size_bytes < 3 ? 3 : size_bytes);
  for (std::size_t i = 0; i < nal.size(); ++i)
    nal[i] = static_cast<std::uint8_t>(1 + (fill * 31 + i * 7) % 254);
  nal[0] = static_cast<std::uint8_t>(type << 1);
  nal[1] = 0x01;
  nal[2] = static_cast<std::uint8_t>(first ? 0xac : 0x2c);
  return nal;
}

}  // namespace yagura::testing
