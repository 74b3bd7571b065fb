#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// SHA-256's compression (FIPS 180-4, section 6.2.2) of many messages side by side: one 32-bit lane
/// of AVX-512's registers for each. A recorder hashes as many clips as it has cameras, so what no
/// single message allows is there for the taking: twice what the processor's SHA instructions do.
namespace yagura::storage::sha256_lanes {

inline constexpr std::size_t kLanes = 16;
inline constexpr std::size_t kBlockBytes = 64;

/// H0 to H7 of a message so far.
using State = std::uint32_t[8];

/// Whether this processor can; Compress may not be called where it can't.
[[nodiscard]] bool Supported();

/// Takes `blocks` whole blocks of each message into its state. Both arrays may name the same
/// message more than once only where nobody needs what becomes of it.
void Compress(const std::array<State*, kLanes>& states,
              std::array<const std::uint8_t*, kLanes> data, std::size_t blocks);

}  // namespace yagura::storage::sha256_lanes
