#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/sent_log.h"
#include "core/time.h"

namespace yagura::simulate {

/// Spreads one frame over the time until the next, packet by packet, as a camera does whose encoder
/// hands out what it has coded so far. The first packet is due at once, the others follow evenly.
/// One thread.
class PacketPacer {
 public:
  /// `frame`: whole packets, each with its interleaved header, of which a copy is kept. Nothing may
  /// be left of the frame before. `note` is for whoever sends the last packet.
  void Begin(std::span<const std::uint8_t> frame, const SentFrame& note, MonoTime from,
             MonoTime until);

  struct Packet {
    std::span<const std::uint8_t> bytes;   // until the next call
    const SentFrame* completes = nullptr;  // the frame that it is the last one of
  };
  /// Only while there is something left.
  [[nodiscard]] Packet Next();
  /// When that is due; nothing: nothing is left.
  [[nodiscard]] std::optional<MonoTime> due() const;
  /// Forgets what is left.
  void Discard() { at_ = frame_.size(); }

 private:
  std::vector<std::uint8_t> frame_;
  std::size_t at_ = 0;  // of the next packet
  SentFrame note_;
  MonoTime from_{};
  MonoTime until_{};
};

}  // namespace yagura::simulate
