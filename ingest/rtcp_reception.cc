#include "ingest/rtcp_reception.h"

#include <algorithm>
#include <string_view>

#include "ingest/big_endian.h"

namespace yagura::ingest {
namespace {

constexpr std::string_view kCname = "yagura";
/// A number this little ahead follows a loss, and one this little behind is a late packet; further
/// away the camera counts anew (RFC 3550 A.1).
constexpr std::uint16_t kMaxDropout = 3'000;
constexpr std::uint16_t kMaxMisorder = 100;

void Put32(std::string& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xff);
}

/// Version 2, no padding, `count`, `type`, and the length in words less one.
void PutHeader(std::string& out, std::uint32_t count, std::uint32_t type,
               std::uint32_t size_bytes) {
  Put32(out, 0x8000'0000 | count << 24 | type << 16 | (size_bytes / 4 - 1));
}

std::uint32_t Ticks90k(MonoTime time) {
  const std::int64_t us = std::chrono::floor<microseconds>(time.time_since_epoch()).count();
  return static_cast<std::uint32_t>(us / 100 * 9 + us % 100 * 9 / 100);
}

}  // namespace

void ReceptionReports::NoteRtp(std::span<const std::uint8_t> packet, MonoTime arrival) {
  if (packet.size() < 12 || packet[0] >> 6 != 2) return;
  const std::uint16_t sequence = Read16(packet.subspan(2));
  const std::uint32_t source = Read32(packet.subspan(8));
  const auto ahead = static_cast<std::uint16_t>(sequence - highest_);
  const bool forward = ahead < kMaxDropout;
  const bool begins =
      source_ != source || (!forward && ahead < static_cast<std::uint16_t>(-kMaxMisorder));
  if (begins) {
    Begin(source, sequence);
  } else if (forward) {
    highest_ += ahead;
  }
  ++received_;
  NoteJitter(Read32(packet.subspan(4)), arrival);
}

void ReceptionReports::Begin(std::uint32_t source, std::uint16_t sequence) {
  source_ = source;
  first_ = highest_ = sequence;
  received_ = expected_before_ = received_before_ = 0;
  last_transit_.reset();
  jitter_16_ = 0;
  last_report_ntp_ = 0;
}

/// RFC 3550 A.8. Arrivals are those of our reads, so gathering shows in it.
void ReceptionReports::NoteJitter(std::uint32_t rtp_time, MonoTime arrival) {
  const std::uint32_t transit = Ticks90k(arrival) - rtp_time;
  if (last_transit_) {
    const auto difference = static_cast<std::int32_t>(transit - *last_transit_);
    const auto distance =
        static_cast<std::uint32_t>(difference < 0 ? -std::int64_t{difference} : difference);
    jitter_16_ += distance - ((jitter_16_ + 8) >> 4);
  }
  last_transit_ = transit;
}

void ReceptionReports::NoteSenderReport(std::uint64_t ntp, MonoTime arrival) {
  last_report_ntp_ = static_cast<std::uint32_t>(ntp >> 16);
  last_report_at_ = arrival;
}

std::string ReceptionReports::Take(MonoTime now) {
  next_at_ = now + kInterval;
  constexpr std::uint32_t kReceiverReport = 201;
  constexpr std::uint32_t kDescription = 202;
  constexpr std::uint32_t kDescriptionBytes = 4 + 4 + 2 + kCname.size() + 4;  // ends in zeros
  static_assert(kDescriptionBytes % 4 == 0);
  const std::string block = source_ ? Block(now) : std::string();
  std::string out;
  PutHeader(out, source_ ? 1 : 0, kReceiverReport, static_cast<std::uint32_t>(8 + block.size()));
  Put32(out, own_source_);
  out += block;
  PutHeader(out, 1, kDescription, kDescriptionBytes);
  Put32(out, own_source_);
  out += '\x01';
  out += static_cast<char>(kCname.size());
  out.append(kCname).append(4, '\0');
  return out;
}

/// RFC 3550 A.3.
std::string ReceptionReports::Block(MonoTime now) {
  const std::uint32_t expected = highest_ - first_ + 1;
  const std::uint32_t expected_since = expected - expected_before_;
  const std::uint32_t received_since = received_ - received_before_;
  expected_before_ = expected;
  received_before_ = received_;
  const bool loss = expected_since > received_since;
  const std::uint32_t fraction =
      loss ? static_cast<std::uint32_t>((std::uint64_t{expected_since - received_since} << 8) /
                                        expected_since)
           : 0;
  const std::int64_t lost = std::clamp<std::int64_t>(
      std::int64_t{expected} - std::int64_t{received_}, -0x80'0000, 0x7f'ffff);
  const auto delay = std::chrono::floor<microseconds>(now - last_report_at_).count();
  const bool heard = last_report_ntp_ != 0;
  std::string out;
  Put32(out, *source_);
  Put32(out, std::min<std::uint32_t>(fraction, 255) << 24 |
                 (static_cast<std::uint32_t>(lost) & 0xff'ffff));
  Put32(out, highest_);
  Put32(out, jitter_16_ >> 4);
  Put32(out, last_report_ntp_);
  Put32(out, heard ? static_cast<std::uint32_t>((delay << 16) / 1'000'000) : 0);
  return out;
}

}  // namespace yagura::ingest
