#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/ids.h"

namespace yagura::ingest {

/// Which camera's bytes a reader thread is parsing at this moment: should it crash there, a signal
/// handler on that thread reads it. Written by one thread.
class ParsingNote {
 public:
  void Set(const CameraId& camera) {
    std::uint64_t halves[2];
    std::memcpy(halves, camera.bytes.data(), sizeof halves);
    first_.store(halves[0], std::memory_order_relaxed);
    second_.store(halves[1], std::memory_order_relaxed);
  }
  void Clear() { Set(CameraId{}); }

  /// Nothing when no bytes were being parsed.
  [[nodiscard]] std::optional<CameraId> Read() const {
    const std::uint64_t halves[2] = {first_.load(std::memory_order_relaxed),
                                     second_.load(std::memory_order_relaxed)};
    if (halves[0] == 0 && halves[1] == 0) return std::nullopt;
    CameraId camera;
    std::memcpy(camera.bytes.data(), halves, sizeof halves);
    return camera;
  }

 private:
  std::atomic<std::uint64_t> first_{0};
  std::atomic<std::uint64_t> second_{0};
};

}  // namespace yagura::ingest
