#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/time.h"
#include "ingest/rtp_packet.h"

namespace yagura::ingest {

/// Puts the RTP packets of a track that came over a network which loses, doubles and overtakes back
/// into their order; what comes in order passes at once and uncopied. Duplicates, and packets whose
/// turn is over, are dropped, but not of a camera that counts anew: those go on in time. A hole is
/// waited for while kMaxHeldPackets and kMaxWait allow it, then what comes after passes on, so that
/// RtpSequence sees the loss. Pure; one thread.
class RtpReorder {
 public:
  static constexpr std::size_t kMaxHeldPackets = 512;
  static constexpr std::size_t kMaxHeldBytes = std::size_t{2} << 20;
  static constexpr std::chrono::milliseconds kMaxWait{200};

  using Next = std::function<void(std::span<const std::uint8_t>)>;

  /// A packet as it came; `next` is called with those whose turn it is now. One too short to have a
  /// number passes on as it is: whoever parses it counts it.
  void OnPacket(std::span<const std::uint8_t> packet, MonoTime arrival, const Next& next);
  /// To be called now and then: gives up on holes that were waited for long enough.
  void OnTime(MonoTime now, const Next& next);

 private:
  struct Held {
    std::vector<std::uint8_t> bytes;
    MonoTime arrival;
  };
  void Begin(std::uint32_t source, std::uint16_t sequence);
  void Hold(std::uint16_t ahead, std::span<const std::uint8_t> packet, MonoTime arrival);
  [[nodiscard]] bool CountsAnew(std::span<const std::uint8_t> packet);
  void PassOne(std::span<const std::uint8_t> packet, const Next& next);
  void PassOn(const Next& next);
  void GiveUpFirstHole();
  void GiveUpAll(const Next& next);

  std::optional<std::uint32_t> source_;
  std::uint64_t expected_ = 0;  // extended by the turns of the 16-bit number
  std::map<std::uint64_t, Held> held_;
  std::size_t held_bytes_ = 0;
  int behind_in_a_row_ = 0;   // packets whose turn was over
  int anew_in_a_row_ = 0;     // of these, with a later time than any that passed
  NewestRtpTime newest_;      // of those that passed
  MonoTime waiting_since_{};  // for what is missing before the first one held
};

}  // namespace yagura::ingest
