#include <algorithm>
#include <span>

#include "ingest/video_track.h"
#include "tests/ingest/fuzz/checking_sink.h"
#include "tests/ingest/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = yagura::ingest;
  using namespace std::chrono_literals;
  yagura::testing::CheckingSink sink;
  ingest::Delivery delivery(sink, yagura::WallTime(1'800'000'000s));
  ingest::H264Track description;
  description.payload_type = 96;
  ingest::VideoTrack track(description, delivery);
  ingest::Instant now{yagura::MonoTime(1'000s), yagura::WallTime(1'800'000'000s)};
  std::span<const std::uint8_t> rest(data, size);
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
  return 0;
}
