#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/time.h"
#include "core/worker_start_posix.h"

namespace yagura::ingest {

/// How a worker's process ended: by a signal, or by itself (0).
struct WorkerEnd {
  int signal = 0;
};

/// The process that pulls one camera. It says goodbye to the camera and ends once its pipe is
/// closed; here it is only watched and, where it must be, killed. One thread.
class CameraWorker {
 public:
  /// `pid`: a child of ours that nobody else waits for.
  explicit CameraWorker(pid_t pid) : pid_(pid) {}
  /// Kills it where it hasn't ended.
  ~CameraWorker();
  CameraWorker(const CameraWorker&) = delete;
  CameraWorker& operator=(const CameraWorker&) = delete;

  /// How it ended; nothing while it runs. By itself, where nobody can tell any more.
  [[nodiscard]] std::optional<WorkerEnd> Poll();
  /// Poll() has said how.
  [[nodiscard]] bool is_known_to_have_ended() const { return end_.has_value(); }
  /// Doesn't wait for its end: the kernel may take a while to give back what it held.
  void Kill();

 private:
  const pid_t pid_;
  std::optional<WorkerEnd> end_;
};

/// Workers whose pipes are closed, until they have ended. A machine may be so busy that one that
/// crashed ends here. One thread.
class LeavingWorkers {
 public:
  /// For a goodbye to the camera; then it is killed.
  static constexpr std::chrono::seconds kLeaveWithin{2};

  LeavingWorkers() = default;
  /// Waits for them, kLeaveWithin at most.
  ~LeavingWorkers();
  LeavingWorkers(const LeavingWorkers&) = delete;
  LeavingWorkers& operator=(const LeavingWorkers&) = delete;

  /// `on_signal` is called by Sweep() where a signal ends it.
  using OnSignal = std::function<void(int signal)>;
  void Add(std::unique_ptr<CameraWorker> worker, MonoTime now, OnSignal on_signal = {});
  /// Forgets those that have ended, kills those that should have.
  void Sweep(MonoTime now);
  [[nodiscard]] bool empty() const { return leaving_.empty(); }

 private:
  struct Leaving {
    std::unique_ptr<CameraWorker> worker;
    MonoTime since;
    OnSignal on_signal;
  };
  std::vector<Leaving> leaving_;
};

}  // namespace yagura::ingest
