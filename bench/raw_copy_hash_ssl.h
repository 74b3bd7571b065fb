#pragma once

#include <cstddef>
#include <memory>

/// SHA-256 of what a file of the raw copy got. One thread.
class RawCopyHash {
 public:
  RawCopyHash();
  ~RawCopyHash();
  RawCopyHash(RawCopyHash&&) noexcept;
  RawCopyHash& operator=(RawCopyHash&&) noexcept;

  void Update(const char* bytes, std::size_t size_bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
