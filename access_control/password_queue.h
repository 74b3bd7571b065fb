#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "core/result.h"

namespace yagura::access_control {

/// Keeps the memory that password hashing takes within bounds (64 MiB each): few at once, some
/// wait, the rest are turned away. Who is known waits apart from strangers and goes first, so that
/// a flood of guesses keeps nobody out. Thread-safe.
class PasswordQueue {
 public:
  enum class Lane { kStrangers, kKnown };
  struct Limits {
    int running_max = 2;
    int waiting_max = 16;  // in each lane
    std::chrono::milliseconds wait_max{3000};
  };
  PasswordQueue() = default;
  explicit PasswordQueue(Limits limits) : limits_(limits) {}

  /// A place among the running, given back when it ends.
  class Place {
   public:
    explicit Place(PasswordQueue& queue) : queue_(&queue) {}
    Place(Place&& other) noexcept : queue_(other.queue_) { other.queue_ = nullptr; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    PasswordQueue* queue_;
  };
  /// Waits for a place; kResourceExhausted where too many wait already, or none came in time.
  [[nodiscard]] Result<Place> Enter(Lane lane = Lane::kStrangers);
  [[nodiscard]] int Waiting(Lane lane);

 private:
  void Leave();
  [[nodiscard]] bool MayRun(Lane lane) const;  // under mutex_

  const Limits limits_{};
  std::mutex mutex_;
  std::condition_variable left_;
  int running_ = 0;               // under mutex_
  std::array<int, 2> waiting_{};  // by lane; under mutex_
};

}  // namespace yagura::access_control
