#include "simulate/packet_loop.h"

#include <algorithm>
#include <array>

namespace yagura::simulate {
namespace {

using Nal = std::span<const std::uint8_t>;

constexpr std::size_t kPayloadMax = 1400;
constexpr std::size_t kInterleavedSize = 4;  // '$', channel, length
constexpr std::size_t kRtpHeaderSize = 12;
constexpr std::uint8_t kPayloadType = 96;
constexpr std::uint8_t kMarker = 0x80;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

void Put16(std::uint8_t* out, std::uint16_t value) {
  out[0] = static_cast<std::uint8_t>(value >> 8);
  out[1] = static_cast<std::uint8_t>(value);
}
void Put32(std::uint8_t* out, std::uint32_t value) {
  Put16(out, static_cast<std::uint16_t>(value >> 16));
  Put16(out + 2, static_cast<std::uint16_t>(value));
}

std::size_t AggregateSize(std::span<const Nal> nals) {
  std::size_t size = 1;
  for (const Nal nal : nals) size += 2 + nal.size();
  return size;
}

/// The frame's NAL units as this camera sends them, with an empty stamp before the first slice.
std::vector<Nal> NalsToSend(const LoopFrame& frame, bool keep_parameter_sets, Nal empty_stamp) {
  std::vector<Nal> nals;
  bool stamped = false;
  for (const Nal nal : frame.nals) {
    const std::uint8_t type = NalTypeOf(nal);
    if (!keep_parameter_sets && (type == kNalSps || type == kNalPps)) continue;
    if (IsSlice(type) && !stamped) {
      nals.push_back(empty_stamp);
      stamped = true;
    }
    nals.push_back(nal);
  }
  return nals;
}

std::uint32_t CrcOf(std::span<const Nal> nals) {
  UnstampedCrc crc;
  for (const Nal nal : nals) crc.Add(nal);
  return crc.value();
}

}  // namespace

PacketLoop::PacketLoop(const LoopFile& file, ParameterSets parameter_sets)
    : reorder_frames_(file.reorder_frames) {
  bytes_.reserve(file.bytes.size() + file.bytes.size() / 16);
  frames_.reserve(file.frames.size());
  for (const LoopFrame& frame : file.frames) {
    AddFrame(frame, parameter_sets != ParameterSets::kSdpOnly);
  }
}

void PacketLoop::AddFrame(const LoopFrame& source, bool keep_parameter_sets) {
  static const auto kEmptyStamp = EncodeFrameStamp(FrameStamp{});
  const std::vector<Nal> nals = NalsToSend(source, keep_parameter_sets, kEmptyStamp);
  Frame frame;
  frame.begin = static_cast<std::uint32_t>(bytes_.size());
  frame.first_packet = static_cast<std::uint32_t>(packets_.size());
  frame.presentation = source.presentation;
  frame.keyframe = source.keyframe;
  frame.crc = CrcOf(nals);

  const auto stamp =
      std::ranges::find(nals, kEmptyStamp.data(), [](Nal nal) { return nal.data(); });
  const auto lead = std::span(nals).first(static_cast<std::size_t>(stamp - nals.begin()) + 1);
  AddAggregate(lead);
  frame.stamp = static_cast<std::uint32_t>(bytes_.size() - kFrameStampSize);
  for (const Nal nal : std::span(nals).subspan(lead.size())) AddSlice(nal);

  bytes_[packets_.back() + kInterleavedSize + 1] |= kMarker;
  frame.packet_count = static_cast<std::uint32_t>(packets_.size()) - frame.first_packet;
  frame.end = static_cast<std::uint32_t>(bytes_.size());
  frames_.push_back(frame);
}

void PacketLoop::AddAggregate(std::span<const Nal> nals) {
  if (nals.size() == 1 || AggregateSize(nals) > kPayloadMax) {
    for (const Nal nal : nals) AddSlice(nal);
    return;
  }
  BeginPacket(AggregateSize(nals));
  std::uint8_t reference = 0;  // the highest nal_ref_idc within (RFC 6184, 5.7.1)
  for (const Nal nal : nals) reference = std::max<std::uint8_t>(reference, nal.front() & 0x60);
  bytes_.push_back(reference | kStapA);
  for (const Nal nal : nals) {
    std::array<std::uint8_t, 2> size{};
    Put16(size.data(), static_cast<std::uint16_t>(nal.size()));
    Append(size);
    Append(nal);
  }
}

void PacketLoop::AddSlice(Nal nal) {
  if (nal.size() > kPayloadMax) return AddFragments(nal);
  BeginPacket(nal.size());
  Append(nal);
}

void PacketLoop::AddFragments(Nal nal) {
  constexpr std::uint8_t kStart = 0x80;
  constexpr std::uint8_t kEnd = 0x40;
  const auto indicator = static_cast<std::uint8_t>((nal.front() & 0xe0) | kFuA);
  std::uint8_t flags = kStart;
  Nal rest = nal.subspan(1);
  while (!rest.empty()) {
    const Nal part = rest.first(std::min(rest.size(), kPayloadMax - 2));
    rest = rest.subspan(part.size());
    if (rest.empty()) flags |= kEnd;
    BeginPacket(part.size() + 2);
    const std::array<std::uint8_t, 2> header = {indicator,
                                                static_cast<std::uint8_t>(flags | NalTypeOf(nal))};
    Append(header);
    Append(part);
    flags = 0;
  }
}

void PacketLoop::BeginPacket(std::size_t payload_size_bytes) {
  packets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  std::array<std::uint8_t, kInterleavedSize + kRtpHeaderSize> header{};
  header[0] = '$';
  Put16(&header[2], static_cast<std::uint16_t>(kRtpHeaderSize + payload_size_bytes));
  header[4] = 0x80;  // RTP version 2
  header[5] = kPayloadType;
  Append(header);
}

void PacketLoop::Append(std::span<const std::uint8_t> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::span<const std::uint8_t> PacketLoop::Prepare(const Frame& frame, const PacketFields& fields,
                                                  const FrameStamp& stamp) {
  std::uint16_t sequence = fields.first_sequence;
  for (const std::uint32_t at :
       std::span(packets_).subspan(frame.first_packet, frame.packet_count)) {
    std::uint8_t* packet = bytes_.data() + at;
    packet[1] = fields.channel;
    Put16(packet + kInterleavedSize + 2, sequence++);
    Put32(packet + kInterleavedSize + 4, fields.rtp_time);
    Put32(packet + kInterleavedSize + 8, fields.ssrc);
  }
  EncodeFrameStamp(stamp, std::span<std::uint8_t, kFrameStampSize>(bytes_.data() + frame.stamp,
                                                                   kFrameStampSize));
  return std::span(bytes_).subspan(frame.begin, frame.end - frame.begin);
}

}  // namespace yagura::simulate
