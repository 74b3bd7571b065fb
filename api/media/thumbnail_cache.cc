#include "api/media/thumbnail_cache.h"

namespace yagura::api {

ThumbnailCache::Jpeg ThumbnailCache::Find(const Key& key) {
  const std::lock_guard lock(mutex_);
  DropOutdated();
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second->jpeg;
}

ThumbnailCache::Jpeg ThumbnailCache::Keep(const Key& key, std::string jpeg) {
  auto kept = std::make_shared<const std::string>(std::move(jpeg));
  const std::lock_guard lock(mutex_);
  DropOutdated();
  if (by_key_.contains(key) || kept->size() > limits_.bytes) return kept;
  while (bytes_ + kept->size() > limits_.bytes) DropOldest();
  bytes_ += kept->size();
  entries_.push_back({key, kept, clock_.Monotonic()});
  by_key_.emplace(key, std::prev(entries_.end()));
  return kept;
}

void ThumbnailCache::DropOldest() {
  bytes_ -= entries_.front().jpeg->size();
  by_key_.erase(entries_.front().key);
  entries_.pop_front();
}

void ThumbnailCache::DropOutdated() {
  const MonoTime now = clock_.Monotonic();
  while (!entries_.empty() && now - entries_.front().made_at > limits_.kept_for) DropOldest();
}

}  // namespace yagura::api
