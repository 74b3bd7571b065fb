#include "api/media/live_feed.h"

namespace yagura::api {

void LiveFeed::OnAccessUnit(AccessUnit unit) {
  const std::scoped_lock lock(mutex_);
  last_unit_ = clock_.Monotonic();
  gop_.Add(unit);
  for (const auto& queue : queues_) queue->Push(unit);
}

void LiveFeed::OnLost() {
  const std::scoped_lock lock(mutex_);
  gop_.Clear();
}

void LiveFeed::Join(const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  for (const AccessUnit& unit : gop_.units()) queue->Push(unit);
  queues_.push_back(queue);
}

bool LiveFeed::Leave(const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  std::erase(queues_, queue);
  return !queues_.empty();
}

MonoTime LiveFeed::last_unit() const {
  const std::scoped_lock lock(mutex_);
  return last_unit_;
}

}  // namespace yagura::api
