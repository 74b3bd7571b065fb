#include "ingest/rtp_packet.h"

#include "ingest/big_endian.h"

namespace yagura::ingest {
namespace {

constexpr std::size_t kFixedBytes = 12;
/// A packet this little behind is a late duplicate, where it tells of no later time than what came;
/// else, and further back, the camera has begun to count anew.
constexpr std::uint16_t kMaxLate = 64;

}  // namespace

bool ParseRtp(std::span<const std::uint8_t> bytes, RtpPacket& packet) {
  if (bytes.size() < kFixedBytes || bytes[0] >> 6 != 2) return false;
  std::size_t header = kFixedBytes + 4 * static_cast<std::size_t>(bytes[0] & 15);
  if ((bytes[0] & 0x10) != 0) {
    if (bytes.size() < header + 4) return false;
    header += 4 + 4 * static_cast<std::size_t>(Read16(bytes.subspan(header + 2)));
  }
  const std::size_t padding = (bytes[0] & 0x20) != 0 ? bytes.back() : 0;
  if (bytes.size() < header + padding) return false;
  packet.marker = bytes[1] >> 7 != 0;
  packet.payload_type = bytes[1] & 127;
  packet.sequence = Read16(bytes.subspan(2));
  packet.time.ticks = Read32(bytes.subspan(4));
  packet.source = Read32(bytes.subspan(8));
  packet.payload = bytes.subspan(header, bytes.size() - header - padding);
  return true;
}

RtpSequence::Step RtpSequence::Follow(const RtpPacket& packet) {
  const auto ahead = static_cast<std::uint16_t>(packet.sequence - last_);
  const bool same_source = packet.source == source_;
  if (started_ && same_source && ahead != 1) {
    const bool behind = ahead == 0 || ahead >= 65'536 - kMaxLate;
    if (behind && !newest_.IsBefore(packet.time)) return Step::kDuplicate;
    lost_ += ahead < 32'768 ? ahead - 1u : 1u;
  }
  const bool first = !started_;
  started_ = true;
  source_ = packet.source;
  last_ = packet.sequence;
  if (!same_source) newest_ = {};
  newest_.Note(packet.time);
  if (first) return Step::kFirst;
  return same_source && ahead == 1 ? Step::kNext : Step::kLoss;
}

}  // namespace yagura::ingest
