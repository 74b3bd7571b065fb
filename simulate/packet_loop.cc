#include "simulate/packet_loop.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/jpeg_markers.h"
#include "simulate/jpeg_payload.h"

namespace yagura::simulate {
namespace {

using Nal = std::span<const std::uint8_t>;

constexpr std::size_t kPayloadMax = 1400;
constexpr std::size_t kInterleavedSize = 4;  // '$', channel, length
constexpr std::size_t kRtpHeaderSize = 12;
constexpr std::uint8_t kMarker = 0x80;

void Put16(std::uint8_t* out, std::uint16_t value) {
  out[0] = static_cast<std::uint8_t>(value >> 8);
  out[1] = static_cast<std::uint8_t>(value);
}
void Put32(std::uint8_t* out, std::uint32_t value) {
  Put16(out, static_cast<std::uint16_t>(value >> 16));
  Put16(out + 2, static_cast<std::uint16_t>(value));
}

std::uint32_t CrcOf(std::span<const Nal> lead, std::span<const Nal> slices) {
  UnstampedCrc crc;
  for (const Nal nal : lead) crc.Add(nal);
  for (const Nal nal : slices) crc.Add(nal);
  return crc.value();
}

}  // namespace

PacketLoop::PacketLoop(const LoopFile& file, ParameterSets parameter_sets)
    : format_(PayloadFormatOf(file.codec)),
      codec_(file.codec),
      reorder_frames_(file.reorder_frames) {
  bytes_.reserve(file.bytes.size() + file.bytes.size() / 16);
  frames_.reserve(file.frames.size());
  for (const LoopFrame& frame : file.frames) {
    AddFrame(frame, parameter_sets != ParameterSets::kSdpOnly);
  }
}

void PacketLoop::AddFrame(const LoopFrame& source, bool keep_parameter_sets) {
  Frame frame;
  frame.begin = static_cast<std::uint32_t>(bytes_.size());
  frame.first_packet = static_cast<std::uint32_t>(packets_.size());
  frame.presentation = source.presentation;
  frame.keyframe = source.keyframe;
  if (codec_ == Codec::kJpeg)
    AddJpeg(source, frame);
  else
    AddNals(source, keep_parameter_sets, frame);
  bytes_[packets_.back() + kInterleavedSize + 1] |= kMarker;
  frame.packet_count = static_cast<std::uint32_t>(packets_.size()) - frame.first_packet;
  frame.end = static_cast<std::uint32_t>(bytes_.size());
  frames_.push_back(frame);
}

void PacketLoop::AddNals(const LoopFrame& source, bool keep_parameter_sets, Frame& frame) {
  const std::vector<std::uint8_t> empty_stamp = EncodeFrameStamp(FrameStamp{}, codec_);
  std::vector<Nal> lead;    // before the picture, and the stamp
  std::vector<Nal> slices;  // and what is between and behind them
  for (std::size_t i = 0; i < source.nals.size(); ++i) {
    if (!keep_parameter_sets && format_.is_parameter_set(source.nals[i])) continue;
    (i < source.first_slice ? lead : slices).push_back(source.nals[i]);
  }
  lead.emplace_back(empty_stamp);
  frame.crc = CrcOf(lead, slices);
  AddAggregate(lead);
  frame.stamp = static_cast<std::uint32_t>(bytes_.size() - empty_stamp.size());
  for (const Nal nal : slices) AddSlice(nal);
}

void PacketLoop::AddJpeg(const LoopFrame& source, Frame& frame) {
  const auto picture = ParseJpegPicture(source.nals.front());
  CHECK(picture.has_value());  // ParseLoop read it
  frame.crc = UnstampedCrcOf(*picture);
  JpegPacketizer packets(*picture);
  while (packets.more()) {
    const auto header = packets.NextHeader();
    const Nal part = packets.NextPart(kPayloadMax - header.size());
    BeginPacket(header.size() + part.size());
    Append(header);
    Append(part);
  }
  const std::vector<std::uint8_t> stamp = EncodeFrameStamp(FrameStamp{}, codec_);
  const auto header = packets.NextHeader();
  BeginPacket(header.size() + stamp.size() + kJpegEnd.size());
  Append(header);
  frame.stamp = static_cast<std::uint32_t>(bytes_.size());
  Append(stamp);
  Append(kJpegEnd);
}

void PacketLoop::AddAggregate(std::span<const Nal> nals) {
  const std::vector<std::uint8_t> header = format_.aggregate_header(nals);
  std::size_t size_bytes = header.size();
  for (const Nal nal : nals) size_bytes += 2 + nal.size();
  if (nals.size() == 1 || size_bytes > kPayloadMax) {
    for (const Nal nal : nals) AddSlice(nal);
    return;
  }
  BeginPacket(size_bytes);
  Append(header);
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
  const std::size_t header_bytes = format_.fragment_header_bytes;
  std::uint8_t flags = kStart;
  Nal rest = nal.subspan(format_.nal_header_bytes);
  while (!rest.empty()) {
    const Nal part = rest.first(std::min(rest.size(), kPayloadMax - header_bytes));
    rest = rest.subspan(part.size());
    if (rest.empty()) flags |= kEnd;
    BeginPacket(header_bytes + part.size());
    Append(format_.fragment_header(nal, flags));
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
  header[5] = format_.payload_type;
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
  EncodeFrameStamp(stamp, codec_, std::span(bytes_).subspan(frame.stamp, FrameStampSize(codec_)));
  return std::span(bytes_).subspan(frame.begin, frame.end - frame.begin);
}

}  // namespace yagura::simulate
