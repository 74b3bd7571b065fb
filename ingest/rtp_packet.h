#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace yagura::ingest {

/// A 32-bit RTP timestamp; wraps. RtpTimeline unwraps it.
struct RtpTime {
  std::uint32_t ticks = 0;
  friend bool operator==(const RtpTime&, const RtpTime&) = default;
};

/// One RTP packet, its payload in place.
struct RtpPacket {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  RtpTime time;
  std::uint32_t source = 0;  // SSRC
  std::span<const std::uint8_t> payload;
};

/// Reads RFC 3550 section 5.1 from untrusted bytes; false: malformed, `packet` is then undefined.
///
///      0                   1                   2                   3
///     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
///     |                           timestamp                           |
///     |                             SSRC                              |
///     |        CC times CSRC, then with X: profile(16) length(16) and length 32-bit words,
///     payload, with P: padding, count(8)
[[nodiscard]] bool ParseRtp(std::span<const std::uint8_t> bytes, RtpPacket& packet);

/// Follows the sequence numbers of one source. Over TCP a hole means that the camera itself gave
/// packets up.
class RtpSequence {
 public:
  enum class Step : std::uint8_t {
    kFirst,      // of the session
    kNext,       // as expected
    kLoss,       // packets before this one never came, or another source began
    kDuplicate,  // seen before, or too late: to be dropped
  };

  [[nodiscard]] Step Follow(const RtpPacket& packet);
  /// The SSRC of the last packet; nothing before the first.
  [[nodiscard]] std::optional<std::uint32_t> source() const {
    return started_ ? std::optional(source_) : std::nullopt;
  }
  /// Packets that never came, as far as the numbers tell.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  bool started_ = false;
  std::uint32_t source_ = 0;
  std::uint16_t last_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace yagura::ingest
