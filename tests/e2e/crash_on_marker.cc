// A planted fault: the program `yagura` whose RTP parser writes to nowhere at the sight of a
// certain text in a packet. By the linker's --wrap it stands in the parser's place for all who call
// that (CMakeLists.txt); the product has no switch that does this.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "ingest/rtp_packet.h"

namespace yagura::ingest {

bool ParseAsTheProduct(std::span<const std::uint8_t> bytes,
                       RtpPacket& packet) asm("__real_" YAGURA_PARSE_RTP);
bool ParseOrCrash(std::span<const std::uint8_t> bytes,
                  RtpPacket& packet) asm("__wrap_" YAGURA_PARSE_RTP);

bool ParseOrCrash(std::span<const std::uint8_t> bytes, RtpPacket& packet) {
  constexpr std::string_view kMarker = "crash the record";
  if (!std::ranges::search(bytes, kMarker).empty()) {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
  }
  return ParseAsTheProduct(bytes, packet);
}

}  // namespace yagura::ingest
