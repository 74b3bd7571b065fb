#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"

namespace yagura::simulate {

/// What a sender report tells (RFC 3550, 6.4.1).
struct SenderReport {
  std::uint8_t channel = 1;
  std::uint32_t ssrc = 0;
  WallTime camera_time{};      // the camera's own clock
  std::uint32_t rtp_time = 0;  // the same instant
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};

/// A compound RTCP packet (SR, SDES with a CNAME) in its interleaved frame.
[[nodiscard]] std::vector<std::uint8_t> EncodeSenderReport(const SenderReport& report);

}  // namespace yagura::simulate
