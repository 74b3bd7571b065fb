#include "api/media/viewer_queue.h"

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
    if (waiting_bytes_ + unit.data.size() > bytes_max_) {
      waiting_.clear();
      waiting_bytes_ = 0;
      ++drops_;
      skips_to_keyframe_ = !unit.keyframe;
      if (skips_to_keyframe_) return;
    }
    skips_to_keyframe_ = false;
    waiting_.push_back(unit);
    waiting_bytes_ += unit.data.size();
    if (waiting_.size() > 1) return;  // it has been told already
  }
  Nudge();
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
  AccessUnit unit = std::move(waiting_.front());
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
