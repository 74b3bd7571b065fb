#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "storage/bytes.h"

namespace yagura::storage {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(ByteView bytes);
  /// Of all bytes so far; nothing may follow.
  [[nodiscard]] Sha256Digest Finish();

  struct State;
  [[nodiscard]] State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

[[nodiscard]] Sha256Digest Sha256Of(ByteView bytes);

/// What one message goes on with.
struct HashJob {
  Sha256* hash = nullptr;
  std::vector<ByteView> parts;
};
/// Update with all parts of each job, in order; the jobs at once where the processor can
/// (sha256_lanes_x86.h). No two jobs may be of one message.
void HashSideBySide(std::span<HashJob> jobs);

}  // namespace yagura::storage
