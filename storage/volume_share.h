#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace yagura::storage {

/// How many of `streams` belong to each of several volumes: in proportion to the weights, as evenly
/// as whole streams allow, and of equal claims to the first. All are 0 where all weights are.
[[nodiscard]] std::vector<std::size_t> SharesOf(std::size_t streams,
                                                std::span<const std::uint32_t> weights);

/// The volume that a further stream goes to, of those with a weight: the one that has least for its
/// weight; the number of volumes where none has one.
[[nodiscard]] std::size_t LeastLaden(std::span<const std::size_t> streams,
                                     std::span<const std::uint32_t> weights);

}  // namespace yagura::storage
