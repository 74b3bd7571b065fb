#include "api/media/viewer_queue.h"

#include <algorithm>
#include <utility>

namespace yagura::api {

void ViewerQueue::OnReady(std::function<void()> wake) {
  const std::scoped_lock lock(mutex_);
  wake_ = std::move(wake);
}

void ViewerQueue::Push(const AccessUnit& unit) {
  {
    const std::scoped_lock lock(mutex_);
    if (ended_ || (skips_to_keyframe_ && !unit.keyframe)) return;
    const MonoTime now = clock_.Monotonic();
    skips_to_keyframe_ = false;
    waiting_.push_back({unit, now});
    waiting_bytes_ += unit.data.size();
    if (now - waiting_.front().since > bounds_.wait_max || waiting_bytes_ > bounds_.bytes_max)
      GoToNewestKeyframe();
    if (waiting_bytes_ > bounds_.bytes_max) {
      waiting_.clear();
      waiting_bytes_ = 0;
      ++drops_;
      skips_to_keyframe_ = true;
      return;
    }
    if (waiting_.size() > 1) return;  // it has been told already
  }
  Nudge();
}

/// The mutex is held. What waits from there on stays.
void ViewerQueue::GoToNewestKeyframe() {
  const auto newest = std::find_if(waiting_.rbegin(), waiting_.rend(),
                                   [](const Waiting& one) { return one.unit.keyframe; });
  if (newest == waiting_.rend() || std::next(newest) == waiting_.rend()) return;
  const auto keyframe = std::prev(newest.base());
  for (auto one = waiting_.begin(); one != keyframe; ++one) waiting_bytes_ -= one->unit.data.size();
  waiting_.erase(waiting_.begin(), keyframe);
  ++drops_;
}

void ViewerQueue::End() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  Nudge();
}

void ViewerQueue::Nudge() {
  const std::scoped_lock lock(mutex_);
  if (wake_) wake_();
}

std::optional<AccessUnit> ViewerQueue::Take() {
  const std::scoped_lock lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  AccessUnit unit = std::move(waiting_.front().unit);
  waiting_.pop_front();
  waiting_bytes_ -= unit.data.size();
  return unit;
}

bool ViewerQueue::over() const {
  const std::scoped_lock lock(mutex_);
  return ended_ && waiting_.empty();
}

std::uint64_t ViewerQueue::drops() const {
  const std::scoped_lock lock(mutex_);
  return drops_;
}

}  // namespace yagura::api
