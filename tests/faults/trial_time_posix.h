#pragma once

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "core/time.h"

namespace yagura::testing {

/// The time of a trial: it goes on when the trial says so, and all timed waits of the program go by
/// it. A minute of a recorder with its own threads takes as long as its work does, no longer.
///
/// The waits are std::condition_variable's, put here, with the steady clock, by the linker's --wrap
/// (CMakeLists.txt). A thread that does its work while time goes on may be
/// late by a quarter of what it waits between, and by kLateMax: then time waits for it. So it
/// stands for a machine whose threads and disk are that prompt, however busy this one is.
class TrialTime final : public Clock {
 public:
  static constexpr microseconds kLateMax = std::chrono::milliseconds(200);

  /// One at a time in a process.
  explicit TrialTime(WallTime begin);
  ~TrialTime() override;
  TrialTime(const TrialTime&) = delete;
  TrialTime& operator=(const TrialTime&) = delete;

  [[nodiscard]] WallTime Now() const override;
  [[nodiscard]] MonoTime Monotonic() const override;

  /// Returns once so many threads have begun to wait. Those that haven't, time doesn't wait for.
  void AwaitThreads(std::size_t count);
  /// Time goes on by `by`, once no thread is late.
  void Advance(microseconds by);

  /// As pthread_cond_clockwait, with a spurious wake-up at each Advance.
  int Wait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec& until);
  [[nodiscard]] static TrialTime* current() { return current_; }

  /// Lets time go on by itself as long as it lives, ten times as fast as the machine's, for calls
  /// that wait for threads and do work of their own, for which time doesn't wait.
  class Flow {
   public:
    explicit Flow(TrialTime& time);

   private:
    std::jthread thread_;
  };

 private:
  struct Waiter;
  class Registration;
  [[nodiscard]] bool IsAnybodyLate() const;
  void WakeAll();

  static inline std::atomic<TrialTime*> current_ = nullptr;
  const WallTime begin_;
  std::atomic<std::int64_t> elapsed_us_ = 0;
  std::mutex mutex_;
  std::condition_variable looked_;
  std::vector<Waiter*> waiters_;
};

}  // namespace yagura::testing
