#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/camera_stream.h"

namespace yagura::ingest {

/// Which stream's bytes a reader thread is parsing at this moment: should it crash there, a signal
/// handler on that thread reads it. Written by one thread, by Scopes alone; who parses comes by one
/// through noted_reader.h.
class ParsingNote {
 public:
  /// While it stands, `of`'s bytes are being parsed; then whoever's were before.
  class Scope {
   public:
    Scope(ParsingNote& note, const CameraStream& of) : note_(note), before_(note.Read()) {
      note_.Set(of);
    }
    ~Scope() { note_.Set(before_.value_or(CameraStream{})); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    ParsingNote& note_;
    const std::optional<CameraStream> before_;
  };

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
  void Set(const CameraStream& of) {
    std::uint64_t halves[2];
    std::memcpy(halves, of.camera.bytes.data(), sizeof halves);
    stream_.store(of.stream, std::memory_order_relaxed);
    first_.store(halves[0], std::memory_order_relaxed);
    second_.store(halves[1], std::memory_order_relaxed);
  }

  std::atomic<std::uint64_t> first_{0};
  std::atomic<std::uint64_t> second_{0};
  std::atomic<Stream> stream_{Stream::kMain};
};

}  // namespace yagura::ingest
