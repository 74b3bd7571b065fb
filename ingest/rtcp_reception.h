#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/time.h"

namespace yagura::ingest {

/// What we tell a camera about its stream: receiver reports (RFC 3550 section 6.4.2), for some
/// cameras the only sign of life that counts. One per RTSP session; pure; one thread. Per packet it
/// reads twelve bytes and adds some numbers up.
class ReceptionReports {
 public:
  static constexpr std::chrono::seconds kInterval{5};

  /// `own_source`: our SSRC, random for each session. The first report is due kInterval after
  /// `now`.
  ReceptionReports(std::uint32_t own_source, MonoTime now)
      : own_source_(own_source), next_at_(now + kInterval) {}

  /// An RTP packet of the recorded track; what is malformed is passed over.
  void NoteRtp(std::span<const std::uint8_t> packet, MonoTime arrival);
  /// A sender report of the track: its NTP timestamp.
  void NoteSenderReport(std::uint64_t ntp, MonoTime arrival);

  [[nodiscard]] bool due(MonoTime now) const { return now >= next_at_; }
  /// The report as one compound packet (RR, SDES with a CNAME); the next is due kInterval later.
  [[nodiscard]] std::string Take(MonoTime now);

  /// The camera's SSRC; nothing before the first packet.
  [[nodiscard]] std::optional<std::uint32_t> source() const { return source_; }

 private:
  void Begin(std::uint32_t source, std::uint16_t sequence);
  void NoteJitter(std::uint32_t rtp_time, MonoTime arrival);
  [[nodiscard]] std::string Block(MonoTime now);

  std::uint32_t own_source_;
  MonoTime next_at_;
  std::optional<std::uint32_t> source_;
  std::uint32_t first_ = 0;  // extended sequence numbers: cycles << 16 | number
  std::uint32_t highest_ = 0;
  std::uint32_t received_ = 0;
  std::uint32_t expected_before_ = 0;  // as of the last report
  std::uint32_t received_before_ = 0;
  std::optional<std::uint32_t> last_transit_;
  std::uint32_t jitter_16_ = 0;        // in sixteenths of 1/90000 s
  std::uint32_t last_report_ntp_ = 0;  // its middle 32 bits; 0: none
  MonoTime last_report_at_{};
};

}  // namespace yagura::ingest
