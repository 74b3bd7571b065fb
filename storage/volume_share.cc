#include "storage/volume_share.h"

namespace yagura::storage {

std::size_t LeastLaden(std::span<const std::size_t> streams,
                       std::span<const std::uint32_t> weights) {
  std::size_t least = weights.size();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    if (least == weights.size() ||
        (streams[i] + 1) * weights[least] < (streams[least] + 1) * weights[i])
      least = i;
  }
  return least;
}

std::vector<std::size_t> SharesOf(std::size_t streams, std::span<const std::uint32_t> weights) {
  std::vector<std::size_t> shares(weights.size(), 0);
  for (std::size_t left = streams; left > 0; --left) {
    const std::size_t next = LeastLaden(shares, weights);
    if (next == weights.size()) break;
    ++shares[next];
  }
  return shares;
}

}  // namespace yagura::storage
