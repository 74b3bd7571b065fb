#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace yagura::ingest {

/// A 32-bit RTP timestamp; wraps. RtpTimeline unwraps it.
struct RtpTime {
  std::uint32_t ticks = 0;
  /// As far as 32 bits tell: by less than half of what they can count.
  [[nodiscard]] constexpr bool IsAfter(RtpTime other) const {
    const std::uint32_t ahead = ticks - other.ticks;
    return ahead != 0 && ahead < 0x8000'0000u;
  }
  friend bool operator==(const RtpTime&, const RtpTime&) = default;
};

/// The newest of the times of a source's packets. Pictures are sent in decoding order, so that
/// times go back a little; where they go back by more than ten seconds, the camera has set them.
class NewestRtpTime {
 public:
  void Note(RtpTime time) {
    if (IsBefore(time) || newest_.ticks - time.ticks > kMostBack90k) newest_ = time;
  }
  [[nodiscard]] bool IsBefore(RtpTime time) const { return time.IsAfter(newest_); }

 private:
  static constexpr std::uint32_t kMostBack90k = 10 * 90'000;
  RtpTime newest_;
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
    kDuplicate,  // a little behind, and of no later time than what was seen: to be dropped
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
  NewestRtpTime newest_;
  std::uint64_t lost_ = 0;
};

}  // namespace yagura::ingest
