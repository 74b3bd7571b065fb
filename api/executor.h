#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace yagura::api {

/// A few threads for work that may wait: for PostgreSQL, for disks, for a password hash. Its queue
/// is bounded; when it is full the caller answers 503. Thread-safe.
class Executor {
 public:
  Executor(int threads, std::size_t queue_depth_max);
  /// Work already begun is finished; what still waits in the queue is dropped.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  using Work = std::function<void()>;
  /// False where the queue is full or the executor is stopping; then nothing will run. `work` must
  /// not throw.
  [[nodiscard]] bool TryPost(Work work);
  /// The same for the next step of something already under way, such as the next piece of a body:
  /// never refused for a full queue (there is at most one per connection), only while stopping.
  [[nodiscard]] bool PostNextStep(Work work);

 private:
  bool Post(Work work, bool even_if_full);
  void Run();

  const std::size_t queue_depth_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> queue_;  // guarded by mutex_
  bool stopping_ = false;   // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace yagura::api
