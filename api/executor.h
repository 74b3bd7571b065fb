#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace yagura::api {

/// A few threads for work that may wait: for PostgreSQL, for disks, for a password hash. Its queue
/// is bounded, in length and in time: when it is full, or nobody took the work in time, the caller
/// answers 503. Thread-safe.
class Executor {
 public:
  Executor(int threads, std::size_t queue_depth_max, std::chrono::milliseconds queue_wait_max);
  /// Work already begun is finished; what still waits in the queue is dropped.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  using Work = std::function<void()>;
  /// False where the queue is full or the executor is stopping; then nothing will run. Where no
  /// thread has taken `work` within queue_wait_max, `too_late` runs instead, on a thread of its
  /// own, and must not wait. Neither may throw.
  [[nodiscard]] bool TryPost(Work work, Work too_late);
  /// The same for the next step of something already under way, such as the next piece of a body:
  /// never refused for a full queue (there is at most one per connection), only while stopping.
  [[nodiscard]] bool PostNextStep(Work work);

 private:
  struct Waiting {
    Work work;
    Work too_late;  // none: it waits as long as it takes
    std::chrono::steady_clock::time_point until;
  };
  bool Post(Waiting waiting, bool even_if_full);
  void Run();
  void RunTooLate();
  [[nodiscard]] std::deque<Waiting>::iterator NextWithLimit();

  const std::size_t queue_depth_max_;
  const std::chrono::milliseconds queue_wait_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable posted_;  // for who looks after what came too late
  std::deque<Waiting> queue_;       // guarded by mutex_
  bool stopping_ = false;           // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace yagura::api
