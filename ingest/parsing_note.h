#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/camera_stream.h"

namespace yagura::ingest {

/// Which stream's bytes a reader thread is parsing at this moment: should it crash there, a signal
/// handler on that thread reads it. Written by one thread.
class ParsingNote {
 public:
  void Set(const CameraStream& of) {
    std::uint64_t halves[2];
    std::memcpy(halves, of.camera.bytes.data(), sizeof halves);
    stream_.store(of.stream, std::memory_order_relaxed);
    first_.store(halves[0], std::memory_order_relaxed);
    second_.store(halves[1], std::memory_order_relaxed);
  }
  void Clear() { Set(CameraStream{}); }

  /// Nothing when no bytes were being parsed.
  [[nodiscard]] std::optional<CameraStream> Read() const {
    const std::uint64_t halves[2] = {first_.load(std::memory_order_relaxed),
                                     second_.load(std::memory_order_relaxed)};
    if (halves[0] == 0 && halves[1] == 0) return std::nullopt;
    CameraStream of;
    of.stream = stream_.load(std::memory_order_relaxed);
    std::memcpy(of.camera.bytes.data(), halves, sizeof halves);
    return of;
  }

 private:
  std::atomic<std::uint64_t> first_{0};
  std::atomic<std::uint64_t> second_{0};
  std::atomic<Stream> stream_{Stream::kMain};
};

}  // namespace yagura::ingest
