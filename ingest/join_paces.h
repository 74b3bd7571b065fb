#pragma once

#include <chrono>

#include "ingest/join_pace.h"
#include "ingest/worker_turns.h"

namespace yagura::ingest {

/// What all cameras of a recorder share of how fast they begin.
struct JoinPaces {
  /// 200 cameras that come back at once (a switch that was started again) are joined within two
  /// seconds, without the others' frames having to wait behind all of them; one that comes back
  /// alone waits for nothing.
  static constexpr JoinPace::Pace kSessions{25, std::chrono::milliseconds(10)};
  /// A worker is a program that starts, some 60 ms of a processor: 200 stand within 25 seconds, and
  /// half a processor stays for the others.
  static constexpr JoinPace::Pace kWorkers{5, std::chrono::milliseconds(120)};
  /// While workers of many cameras crash, and would again.
  static constexpr JoinPace::Pace kFailingWorkers{1, std::chrono::milliseconds(500)};

  JoinPace sessions{kSessions};
  WorkerTurns workers{kWorkers};
};

}  // namespace yagura::ingest
