#pragma once

#include <array>
#include <cstdint>
#include <memory>

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

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Sha256Digest Sha256Of(ByteView bytes);

}  // namespace yagura::storage
