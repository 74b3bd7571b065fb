#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "ingest/video_track.h"
#include "tests/ingest/fuzz/checking_sink.h"

namespace yagura::testing {

/// Gives a track of `codec` the packets in `rest`, 40 ms apart, each behind two bytes: whether it
/// is RTCP (a bit), and its length.
inline void FeedTrack(Codec codec, std::span<const std::uint8_t> rest) {
  using namespace std::chrono_literals;
  CheckingSink sink;
  ingest::Delivery delivery(sink, WallTime(1'800'000'000s));
  ingest::VideoTrack track({.codec = codec, .payload_type = 96}, delivery);
  ingest::Instant now{MonoTime(1'000s), WallTime(1'800'000'000s)};
  while (rest.size() >= 2 && !track.failure()) {
    const bool rtcp = rest[0] >> 7 != 0;
    const std::size_t length =
        std::min<std::size_t>((rest[0] & 127u) << 8 | rest[1], rest.size() - 2);
    const auto packet = rest.subspan(2, length);
    rtcp ? track.OnRtcp(packet) : track.OnRtp(packet, now);
    rest = rest.subspan(2 + length);
    now.mono += 40ms;
    now.wall += 40ms;
  }
}

}  // namespace yagura::testing
