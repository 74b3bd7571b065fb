#include "api/media/live_feeds.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace yagura::api {
namespace {

/// What waits to be transcoded: a GOP that begins, and little behind it.
constexpr ViewerQueue::Bounds kSourceBounds{.bytes_max = 16 * 1024 * 1024,
                                            .wait_max = std::chrono::milliseconds(1'500)};

}  // namespace

LiveFeeds::LiveFeeds(storage::LiveSubscriber::Options relay, Transcoders& transcoders,
                     const Clock& clock)
    : transcoders_(transcoders), clock_(clock), subscriber_(std::move(relay), clock) {}

LiveFeeds::~LiveFeeds() {
  EndUnused(std::chrono::milliseconds(-1), {});
  CHECK(entries_.empty());
}

Result<void> LiveFeeds::Join(WatchedStream watched, const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  ASSIGN_OR_RETURN(LiveFeed* const feed, FeedOf(watched));
  feed->Join(queue);
  return {};
}

void LiveFeeds::Leave(WatchedStream watched, const std::shared_ptr<ViewerQueue>& queue) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(watched);
  if (found == entries_.end()) return;
  found->second.feed->Leave(queue);
  EndAllUnused();
}

Result<std::shared_ptr<LivePackage>> LiveFeeds::Pack(WatchedStream watched) {
  const std::scoped_lock lock(mutex_);
  ASSIGN_OR_RETURN(LiveFeed* const feed, FeedOf(watched));
  return feed->Pack();
}

bool LiveFeeds::IsPacked(WatchedStream watched) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(watched);
  return found != entries_.end() && found->second.feed->is_packed();
}

std::optional<MonoTime> LiveFeeds::LastUnit(WatchedStream watched) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(watched);
  if (found == entries_.end()) return std::nullopt;
  return found->second.feed->last_unit();
}

void LiveFeeds::EndUnused(std::chrono::milliseconds unused_max,
                          std::chrono::milliseconds silence_max) {
  std::vector<std::unique_ptr<TranscodedFeed>> ending;
  const std::scoped_lock lock(mutex_);
  for (const auto& [watched, entry] : entries_)
    entry.feed->LookAfterPackage(unused_max, silence_max);
  EndAllUnused();
  ending.swap(ending_);
}

Result<LiveFeed*> LiveFeeds::FeedOf(WatchedStream watched) {
  auto found = entries_.find(watched);
  if (found == entries_.end()) {
    ASSIGN_OR_RETURN(Entry entry, Begin(watched));
    found = entries_.emplace(watched, std::move(entry)).first;
  }
  return found->second.feed.get();
}

Result<LiveFeeds::Entry> LiveFeeds::Begin(WatchedStream watched) {
  Entry entry{std::make_shared<LiveFeed>(clock_, held_), nullptr};
  if (watched.coding == Coding::kAsSent) {
    subscriber_.Subscribe(watched.of, entry.feed);
    return entry;
  }
  ASSIGN_OR_RETURN(Transcoders::Place place, transcoders_.Take());
  ASSIGN_OR_RETURN(LiveFeed* const source, FeedOf({watched.of, Coding::kAsSent}));
  const auto queue = std::make_shared<ViewerQueue>(kSourceBounds, clock_);
  entry.transcoded =
      std::make_unique<TranscodedFeed>(queue, entry.feed, std::move(place), transcoders_.worker());
  source->Join(queue);
  return entry;
}

/// One that is transcoded uses another, which is looked at again then.
void LiveFeeds::EndAllUnused() {
  while (EndOneUnused()) {
  }
}

bool LiveFeeds::EndOneUnused() {
  const auto unused = std::find_if(entries_.begin(), entries_.end(),
                                   [](const auto& entry) { return !entry.second.feed->in_use(); });
  if (unused == entries_.end()) return false;
  auto& [watched, entry] = *unused;
  if (entry.transcoded == nullptr) {
    subscriber_.Unsubscribe(watched.of);
  } else {
    entries_.at({watched.of, Coding::kAsSent}).feed->Leave(entry.transcoded->source());
    ending_.push_back(std::move(entry.transcoded));
  }
  entries_.erase(unused);
  return true;
}

}  // namespace yagura::api
