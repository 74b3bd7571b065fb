#include "storage/live_channel.h"

#include <utility>

namespace yagura::storage {

void LiveQueue::Push(const AccessUnit& unit) {
  const std::scoped_lock lock(mutex_);
  if (overflowed_ || ended_ || (format_ == nullptr && !unit.keyframe)) return;
  if (format_ != unit.format) {
    format_ = unit.format;
    Append({EncodeLiveFormat(*format_), {}});
  }
  Append({EncodeLiveUnitHead(unit), {}});
  Append({{}, unit.data});
}

void LiveQueue::End(LiveEnd end) {
  const std::scoped_lock lock(mutex_);
  if (ended_) return;
  Append({EncodeLiveEnd(end), {}});
  ended_ = true;
}

void LiveQueue::Append(Part part) {
  if (overflowed_) return;
  const std::uint64_t size_bytes = part.bytes().size();
  if (held_bytes_ + size_bytes > bytes_max_) {
    overflowed_ = true;
    waiting_.clear();
    return;
  }
  held_bytes_ += size_bytes;
  waiting_.push_back(std::move(part));
  has_waiting_ = true;
}

std::deque<LiveQueue::Part> LiveQueue::Take() {
  const std::scoped_lock lock(mutex_);
  has_waiting_ = false;
  return std::exchange(waiting_, {});
}

void LiveChannel::OnAccessUnit(AccessUnit unit) {
  {
    const std::scoped_lock lock(mutex_);
    gop_.Add(unit);
    if (queues_.empty()) return;
    for (const auto& queue : queues_) queue->Push(unit);
  }
  wake_();
}

void LiveChannel::OnInterruption(GapReason, WallTime) {
  const std::scoped_lock lock(mutex_);
  gop_.Clear();
}

bool LiveChannel::Join(std::shared_ptr<LiveQueue> queue) {
  const std::scoped_lock lock(mutex_);
  if (ended_) return false;
  for (const AccessUnit& unit : gop_.units()) queue->Push(unit);
  queues_.push_back(std::move(queue));
  return true;
}

void LiveChannel::Leave(const std::shared_ptr<LiveQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  std::erase(queues_, queue);
}

void LiveChannel::End() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    gop_.Clear();
    for (const auto& queue : queues_) queue->End(LiveEnd::kEnded);
    queues_.clear();
  }
  wake_();
}

bool LiveChannel::is_watched() const {
  const std::scoped_lock lock(mutex_);
  return !queues_.empty();
}

}  // namespace yagura::storage
