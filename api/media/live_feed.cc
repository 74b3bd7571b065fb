#include "api/media/live_feed.h"

namespace yagura::api {

void LiveFeed::OnAccessUnit(AccessUnit unit) {
  const std::scoped_lock lock(mutex_);
  last_unit_ = clock_.Monotonic();
  gop_.Add(unit);
  for (const auto& queue : queues_) queue->Push(unit);
  if (package_ != nullptr) package_->Add(unit);
}

void LiveFeed::OnLost() {
  const std::scoped_lock lock(mutex_);
  gop_.Clear();
  if (package_ != nullptr) package_->Interrupt();
}

void LiveFeed::Join(const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  for (const AccessUnit& unit : gop_.units()) queue->Push(unit);
  queues_.push_back(queue);
}

void LiveFeed::Leave(const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  std::erase(queues_, queue);
}

std::shared_ptr<LivePackage> LiveFeed::Pack() {
  const std::scoped_lock lock(mutex_);
  packed_at_ = clock_.Monotonic();
  if (package_ != nullptr) return package_;
  // The seconds of our clock: more than any package before can have come to.
  package_ = std::make_shared<LivePackage>(
      static_cast<std::uint64_t>(
          std::chrono::floor<std::chrono::seconds>(clock_.Now().time_since_epoch()).count()),
      package_bytes_);
  for (const AccessUnit& unit : gop_.units()) package_->Add(unit);
  return package_;
}

void LiveFeed::LookAfterPackage(std::chrono::milliseconds unused_max,
                                std::chrono::milliseconds silence_max) {
  const std::scoped_lock lock(mutex_);
  if (package_ == nullptr) return;
  const MonoTime now = clock_.Monotonic();
  if (now - packed_at_ <= unused_max && now - last_unit_ <= silence_max) return;
  package_->End();
  package_ = nullptr;
}

bool LiveFeed::is_packed() const {
  const std::scoped_lock lock(mutex_);
  return package_ != nullptr;
}

bool LiveFeed::in_use() const {
  const std::scoped_lock lock(mutex_);
  return !queues_.empty() || package_ != nullptr;
}

MonoTime LiveFeed::last_unit() const {
  const std::scoped_lock lock(mutex_);
  return last_unit_;
}

}  // namespace yagura::api
