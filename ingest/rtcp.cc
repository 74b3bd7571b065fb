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
  return SenderReport{Read32(packet.subspan(4)), FromNtp(ntp), {Read32(packet.subspan(16))}};
}

}  // namespace

RtcpContent ParseRtcp(std::span<const std::uint8_t> bytes) {
  RtcpContent content;
  while (bytes.size() >= 4 && bytes[0] >> 6 == 2) {
    const std::size_t size = 4 + 4 * static_cast<std::size_t>(Read16(bytes.subspan(2)));
    if (size > bytes.size()) break;
    if (bytes[1] == kSenderReport) content.report = ReadSenderReport(bytes.first(size));
    if (bytes[1] == kBye) content.bye = true;
    bytes = bytes.subspan(size);
  }
  return content;
}

}  // namespace yagura::ingest
