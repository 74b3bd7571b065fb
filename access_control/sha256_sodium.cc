#include "access_control/sha256_sodium.h"

#include <sodium.h>

namespace yagura::access_control {

Sha256 Sha256Of(std::span<const std::uint8_t> bytes) {
  static_assert(crypto_hash_sha256_BYTES == std::tuple_size_v<Sha256>);
  Sha256 hash;
  crypto_hash_sha256(hash.data(), bytes.data(), bytes.size());
  return hash;
}

}  // namespace yagura::access_control
