#include "api/executor.h"

#include <algorithm>
#include <utility>

namespace yagura::api {

Executor::Executor(int threads, std::size_t queue_depth_max,
                   std::chrono::milliseconds queue_wait_max)
    : queue_depth_max_(queue_depth_max), queue_wait_max_(queue_wait_max) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
  threads_.emplace_back([this] { RunTooLate(); });
}

Executor::~Executor() {
  std::deque<Waiting> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  wake_.notify_all();
  posted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Executor::TryPost(Work work, Work too_late) {
  const auto until = std::chrono::steady_clock::now() + queue_wait_max_;
  return Post({std::move(work), std::move(too_late), until}, false);
}

bool Executor::PostNextStep(Work work) { return Post({std::move(work), {}, {}}, true); }

bool Executor::Post(Waiting waiting, bool even_if_full) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || (!even_if_full && queue_.size() >= queue_depth_max_)) return false;
    queue_.push_back(std::move(waiting));
  }
  wake_.notify_one();
  posted_.notify_one();
  return true;
}

void Executor::Run() {
  while (true) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      work = std::move(queue_.front().work);
      queue_.pop_front();
    }
    work();
  }
}

/// They stand in the order of their limits, with steps without one between them.
std::deque<Executor::Waiting>::iterator Executor::NextWithLimit() {
  return std::find_if(queue_.begin(), queue_.end(),
                      [](const Waiting& waiting) { return waiting.too_late != nullptr; });
}

void Executor::RunTooLate() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto next = NextWithLimit();
    if (next == queue_.end()) {
      posted_.wait(lock);
    } else if (const auto until = next->until; std::chrono::steady_clock::now() < until) {
      posted_.wait_until(lock, until);
    } else {
      const Waiting late = std::move(*next);
      queue_.erase(next);
      lock.unlock();
      late.too_late();
      lock.lock();
    }
  }
}

}  // namespace yagura::api
