#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace yagura::testing {

/// The seed of a randomised test: from YAGURA_SEED, or a new one; printed, so that a failure can be
/// repeated.
inline std::uint64_t PrintedSeed() {
  const char* const given = std::getenv("YAGURA_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device()();
  std::cout << "YAGURA_SEED=" << seed << "\n";
  return seed;
}

}  // namespace yagura::testing
