#pragma once

#include <chrono>
#include <cstdint>

#include "core/gap_reason.h"

namespace yagura::ingest {

/// How long to wait before the next attempt at a camera that failed. Jittered, so that cameras that
/// went away together don't come back together. Pure; one per camera.
///
/// - Nobody there, or silent: 0.1 s, then longer up to 1.5 s and never more, so that a rebooted
/// camera records again within 3 s.
/// - The camera refuses with an error of its own, or its worker died: 0.5 s, 2 s, 8 s, then 16 s to
/// 19 s. It may be starting, and the six sessions of a minute (session_budget.h) are to last for
/// it.
/// - Wrong credentials: 20 s to 24 s from the first time on. Each connection shows the camera at
/// most two attempts, so it sees at most
///   six a minute and doesn't lock the account.
/// - It can't be understood, is over a limit or has no stream for us: from 1 s up to 30 s.
class BackOff {
 public:
  explicit BackOff(std::uint64_t seed) : random_(seed | 1) {}

  [[nodiscard]] std::chrono::milliseconds Next(GapReason reason);
  /// The camera has sent media for a while: its next failure is a first one.
  void Succeeded() { failures_ = 0; }

 private:
  [[nodiscard]] std::uint64_t Random();

  std::uint64_t random_;
  int failures_ = 0;
  GapReason last_reason_ = GapReason::kCameraUnreachable;
};

}  // namespace yagura::ingest
