#include "simulate/packet_fault.h"

#include <utility>

namespace yagura::simulate {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kInterleavedSize = 4;  // '$', channel, length
constexpr std::size_t kRtpHeaderSize = 12;

void Append(std::vector<std::uint8_t>& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

std::size_t PacketSize(Bytes packets) {
  return kInterleavedSize + (std::size_t{packets[2]} << 8 | packets[3]);
}

/// RFC 6184 (5.7.1, 5.8), RFC 7798 (4.4.2, 4.4.3) and RFC 2435 (3.1): half a header, and a part far
/// behind the picture's end.
std::vector<std::uint8_t> PayloadOf(Malformation malformation, Codec codec) {
  constexpr std::size_t kLongest = 65'535 - kRtpHeaderSize;
  const bool h265 = codec == Codec::kH265;
  if (malformation == Malformation::kShortHeader) return {};
  if (codec == Codec::kJpeg) {
    std::vector<std::uint8_t> part = {0, 0xff, 0xff, 0xff, 1, 255, 40, 23};
    if (malformation == Malformation::kTruncatedFragment) part.resize(4);
    if (malformation == Malformation::kOversize) part.resize(kLongest, 0xaa);
    return part;
  }
  if (malformation == Malformation::kTruncatedFragment) {
    return h265 ? std::vector<std::uint8_t>{0x62, 0x01} : std::vector<std::uint8_t>{0x7c};
  }
  std::vector<std::uint8_t> aggregate =
      h265 ? std::vector<std::uint8_t>{0x60, 0x01, 0xff, 0xff, 0x02, 0x01}
           : std::vector<std::uint8_t>{0x78, 0xff, 0xff, 0x41};
  if (malformation == Malformation::kOversize) aggregate.resize(kLongest, 0xaa);
  return aggregate;
}

}  // namespace

PacketFault::Passed PacketFault::Pass(Bytes frame) {
  Passed passed;
  while (!frame.empty()) {
    const Bytes packet = frame.first(PacketSize(frame));
    frame = frame.subspan(packet.size());
    if (fault_.packets.Holds(++number_)) {
      Change(packet, passed);
      continue;
    }
    Append(passed.bytes, packet);
    Append(passed.bytes, std::exchange(held_, {}));
  }
  return passed;
}

void PacketFault::Change(Bytes packet, Passed& passed) {
  passed.broken = passed.broken || fault_.kind != FaultKind::kDuplicate;
  switch (fault_.kind) {
    case FaultKind::kDuplicate:
      Append(passed.bytes, packet);
      Append(passed.bytes, packet);
      break;
    case FaultKind::kReorder:
      Append(held_, packet);
      break;
    case FaultKind::kMalform:
      Malform(packet, passed.bytes);
      break;
    default:  // kDrop
      break;
  }
}

void PacketFault::Malform(Bytes packet, std::vector<std::uint8_t>& out) const {
  const bool cut = fault_.malformation == Malformation::kShortHeader;
  const std::vector<std::uint8_t> payload = PayloadOf(fault_.malformation, codec_);
  const std::size_t size_bytes = (cut ? kRtpHeaderSize / 2 : kRtpHeaderSize) + payload.size();
  out.insert(out.end(), {packet[0], packet[1], static_cast<std::uint8_t>(size_bytes >> 8),
                         static_cast<std::uint8_t>(size_bytes)});
  Append(out, packet.subspan(kInterleavedSize, size_bytes - payload.size()));
  Append(out, payload);
}

}  // namespace yagura::simulate
