#include "ingest/rtcp.h"

#include "ingest/big_endian.h"

namespace yagura::ingest {
namespace {

constexpr std::uint8_t kSenderReport = 200;
constexpr std::uint8_t kBye = 203;
constexpr std::int64_t kNtpToUnixSeconds = 2'208'988'800;

WallTime FromNtp(std::uint64_t ntp) {
  auto seconds = static_cast<std::int64_t>(ntp >> 32);
  if (seconds < std::int64_t{1} << 31)
    seconds += std::int64_t{1} << 32;  // the era that began in 2036
  const auto fraction_us = static_cast<std::int64_t>((ntp & 0xffff'ffff) * 1'000'000 >> 32);
  return WallTime(std::chrono::seconds(seconds - kNtpToUnixSeconds) + microseconds(fraction_us));
}

std::optional<SenderReport> ReadSenderReport(std::span<const std::uint8_t> packet) {
  if (packet.size() < 28) return std::nullopt;
  const std::uint64_t ntp = Read64(packet.subspan(8));
  if (ntp == 0) return std::nullopt;
  return SenderReport{Read32(packet.subspan(4)), ntp, FromNtp(ntp), {Read32(packet.subspan(16))}};
}

/// Whether the BYE is of `source` (RFC 3550 section 6.6).
bool EndsSource(std::span<const std::uint8_t> packet, std::optional<std::uint32_t> source) {
  const std::size_t count = packet[0] & 31u;
  if (!source || count == 0) return true;
  for (std::size_t i = 0; i < count && packet.size() >= 8 + 4 * i; ++i) {
    if (Read32(packet.subspan(4 + 4 * i)) == *source) return true;
  }
  return false;
}

}  // namespace

RtcpContent ParseRtcp(std::span<const std::uint8_t> bytes, std::optional<std::uint32_t> source) {
  RtcpContent content;
  while (bytes.size() >= 4 && bytes[0] >> 6 == 2) {
    const std::size_t size = 4 + 4 * static_cast<std::size_t>(Read16(bytes.subspan(2)));
    if (size > bytes.size()) break;
    const auto packet = bytes.first(size);
    if (bytes[1] == kSenderReport) {
      const auto report = ReadSenderReport(packet);
      if (report && report->source == source.value_or(report->source)) content.report = report;
    }
    if (bytes[1] == kBye && EndsSource(packet, source)) content.bye = true;
    bytes = bytes.subspan(size);
  }
  return content;
}

}  // namespace yagura::ingest
