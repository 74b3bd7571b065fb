#include <isa-l/crc.h>

#include <algorithm>
#include <climits>

#include "core/crc32c.h"

namespace yagura {

std::uint32_t Crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;  // the library leaves the inversions of RFC 3720 to its caller
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min<std::size_t>(bytes.size(), INT_MAX));
    // Not const in the library's signature only: it reads.
    crc =
        ::crc32_iscsi(const_cast<std::uint8_t*>(piece.data()), static_cast<int>(piece.size()), crc);
    bytes = bytes.subspan(piece.size());
  }
  return ~crc;
}

}  // namespace yagura
