#include "api/executor.h"

namespace yagura::api {

Executor::Executor(int threads, std::size_t queue_depth_max) : queue_depth_max_(queue_depth_max) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Executor::~Executor() {
  std::deque<Work> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Executor::TryPost(Work work) { return Post(std::move(work), false); }
bool Executor::PostNextStep(Work work) { return Post(std::move(work), true); }

bool Executor::Post(Work work, bool even_if_full) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || (!even_if_full && queue_.size() >= queue_depth_max_)) return false;
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void Executor::Run() {
  while (true) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace yagura::api
