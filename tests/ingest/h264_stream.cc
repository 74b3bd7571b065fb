#include "tests/ingest/h264_stream.h"

#include <algorithm>
#include <utility>

namespace yagura::testing {
namespace {

void Append16(Bytes& bytes, std::size_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

void Append32(Bytes& bytes, std::size_t value) {
  Append16(bytes, value >> 16 & 0xffff);
  Append16(bytes, value & 0xffff);
}

void WriteVui(BitWriter& bits, const SpsFields& fields) {
  bits.Flag(false).Flag(false).Flag(false).Flag(
      false);  // aspect, overscan, video signal, chroma location
  bits.Flag(fields.units_in_tick != 0);
  if (fields.units_in_tick != 0)
    bits.Bits(fields.units_in_tick, 32).Bits(fields.time_scale, 32).Flag(true);
  bits.Flag(false).Flag(false).Flag(false);  // hrd, hrd, pic_struct
  bits.Flag(fields.reorder_frames >= 0);
  if (fields.reorder_frames < 0) return;
  const auto depth = static_cast<std::uint32_t>(fields.reorder_frames);
  bits.Flag(true).Ue(0).Ue(0).Ue(11).Ue(11).Ue(depth).Ue(std::max(depth, 1u));
}

Bytes SliceOf(std::uint8_t header, std::uint8_t first, std::size_t size_bytes, std::uint32_t fill) {
  Bytes nal(std::max<std::size_t>(size_bytes, 2));
  for (std::size_t i = 0; i < nal.size(); ++i)
    nal[i] = static_cast<std::uint8_t>(1 + (fill * 31 + i * 7) % 254);
  nal[0] = header;
  nal[1] = first;
  return nal;
}

}  // namespace

BitWriter& BitWriter::Bits(std::uint32_t value, int count) {
  for (int i = count - 1; i >= 0; --i) bits_.push_back((value >> i & 1) != 0);
  return *this;
}

BitWriter& BitWriter::Ue(std::uint32_t value) {
  int length = 0;
  while ((std::uint64_t{value} + 1) >> (length + 1) != 0) ++length;
  Bits(0, length);
  return Bits(value + 1, length + 1);
}

Bytes BitWriter::Nal(Bytes header) const {
  std::vector<bool> bits = bits_;
  bits.push_back(true);
  while (bits.size() % 8 != 0) bits.push_back(false);
  Bytes nal = std::move(header);
  int zeros = 0;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    std::uint8_t byte = 0;
    for (std::size_t k = 0; k < 8; ++k)
      byte = static_cast<std::uint8_t>(byte << 1 | (bits[i + k] ? 1 : 0));
    if (zeros >= 2 && byte <= 3) {
      nal.push_back(3);
      zeros = 0;
    }
    nal.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return nal;
}

Bytes MakeSps(const SpsFields& fields) {
  BitWriter bits;
  bits.Bits(fields.profile, 8).Bits(fields.constraints, 8).Bits(fields.level, 8).Ue(0);
  if (fields.profile >= 100) bits.Ue(1).Ue(0).Ue(0).Flag(false).Flag(false);
  bits.Ue(0).Ue(fields.poc_type);
  if (fields.poc_type == 0) bits.Ue(2);
  bits.Ue(4).Flag(false).Ue(fields.width_mbs - 1).Ue(fields.height_mbs - 1).Flag(true).Flag(true);
  bits.Flag(fields.crop_bottom > 0);
  if (fields.crop_bottom > 0) bits.Ue(0).Ue(0).Ue(0).Ue(fields.crop_bottom);
  const bool vui = fields.reorder_frames >= 0 || fields.units_in_tick != 0;
  bits.Flag(vui);
  if (vui) WriteVui(bits, fields);
  return bits.Nal({0x67});
}

Bytes MakePps() { return BitWriter().Ue(0).Ue(0).Flag(true).Flag(false).Ue(0).Nal({0x68}); }

Bytes MakeSlice(bool idr, std::size_t size_bytes, std::uint32_t fill) {
  return SliceOf(idr ? 0x65 : 0x41, 0x88, size_bytes, fill);
}

Bytes MakeLaterSlice(bool idr, std::size_t size_bytes, std::uint32_t fill) {
  return SliceOf(idr ? 0x65 : 0x41, 0x21, size_bytes, fill);
}

Bytes MakeRecoveryPoint(std::uint32_t recovery_frame_cnt) {
  BitWriter bits;
  bits.Bits(5, 8).Bits(20, 8);  // user data, with bytes that need emulation prevention
  for (int i = 0; i < 20; ++i) bits.Bits(0, 8);
  BitWriter payload;
  payload.Ue(recovery_frame_cnt).Flag(true).Flag(false).Bits(0, 2);
  const Bytes recovery = payload.Nal({0});
  bits.Bits(6, 8).Bits(static_cast<std::uint32_t>(recovery.size() - 1), 8);
  for (std::size_t i = 1; i < recovery.size(); ++i) bits.Bits(recovery[i], 8);
  return bits.Nal({0x06});
}

Bytes WithLengths(const std::vector<Bytes>& nals) {
  Bytes bytes;
  for (const Bytes& nal : nals) {
    Append32(bytes, nal.size());
    Append(bytes, nal);
  }
  return bytes;
}

Bytes RtpWriter::Packet(std::span<const std::uint8_t> payload, std::uint32_t time, bool marker) {
  Bytes packet = {0x80, static_cast<std::uint8_t>(96 | (marker ? 0x80 : 0))};
  Append16(packet, sequence_++);
  Append32(packet, time);
  Append32(packet, source_);
  Append(packet, payload);
  return packet;
}

void RtpWriter::AddFragments(const Bytes& nal, std::uint32_t time, std::size_t payload_max,
                             std::vector<Bytes>& packets) {
  const std::size_t header = codec_ == Codec::kH265 ? 2 : 1;
  for (std::size_t at = header; at < nal.size();) {
    const std::size_t size = std::min(payload_max, nal.size() - at);
    const int flags = (at == header ? 0x80 : 0) | (at + size == nal.size() ? 0x40 : 0);
    Bytes payload;
    if (codec_ == Codec::kH265) {
      payload = {static_cast<std::uint8_t>((nal[0] & 0x81) | 49 << 1), nal[1],
                 static_cast<std::uint8_t>((nal[0] >> 1 & 0x3f) | flags)};
    } else {
      payload = {static_cast<std::uint8_t>((nal[0] & 0xe0) | 28),
                 static_cast<std::uint8_t>((nal[0] & 0x1f) | flags)};
    }
    Append(payload, std::span(nal).subspan(at, size));
    packets.push_back(Packet(payload, time, false));
    at += size;
  }
}

std::vector<Bytes> RtpWriter::Picture(const std::vector<Bytes>& nals, std::uint32_t time,
                                      std::size_t payload_max) {
  std::vector<Bytes> packets;
  for (const Bytes& nal : nals) {
    if (nal.size() <= payload_max) {
      packets.push_back(Packet(nal, time, false));
    } else {
      AddFragments(nal, time, payload_max, packets);
    }
  }
  packets.back()[1] |= 0x80;
  return packets;
}

std::vector<Bytes> RtpWriter::RandomPicture(const std::vector<Bytes>& nals, std::uint32_t time,
                                            std::mt19937& random) {
  std::vector<Bytes> packets;
  for (std::size_t i = 0; i < nals.size();) {
    const auto way = random() % 3;
    if (way == 0 && nals[i].size() > 3) {  // more than one fragment
      const std::size_t payload_max = 1 + random() % (nals[i].size() - 2);
      AddFragments(nals[i++], time, payload_max, packets);
    } else if (way == 1) {
      Bytes payload = codec_ == Codec::kH265 ? Bytes{0x60, 0x01} : Bytes{0x78};  // AP, STAP-A
      do {
        Append16(payload, nals[i].size());
        Append(payload, nals[i++]);
      } while (i < nals.size() && random() % 2 == 0);
      packets.push_back(Packet(payload, time, false));
    } else {
      packets.push_back(Packet(nals[i++], time, false));
    }
  }
  packets.back()[1] |= 0x80;
  return packets;
}

Bytes Interleaved(std::uint8_t channel, std::span<const std::uint8_t> packet) {
  Bytes bytes = {'$', channel};
  Append16(bytes, packet.size());
  Append(bytes, packet);
  return bytes;
}

void Append(Bytes& bytes, std::span<const std::uint8_t> more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void Append(Bytes& bytes, std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
}

}  // namespace yagura::testing
