#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "api/media/coding.h"
#include "api/media/live_feed.h"
#include "api/media/transcoded_feed.h"
#include "api/media/transcoders.h"
#include "storage/live_subscriber.h"

namespace yagura::api {

/// The streams that somebody watches live: one subscription at the recorder for each, and one
/// transcoder for each that is watched as something else, however many watch it. Thread-safe.
class LiveFeeds {
 public:
  /// `transcoders` and `clock` outlive it.
  LiveFeeds(storage::LiveSubscriber::Options relay, Transcoders& transcoders, const Clock& clock);
  /// Nobody watches any more; who follows is left alone.
  ~LiveFeeds();
  LiveFeeds(const LiveFeeds&) = delete;
  LiveFeeds& operator=(const LiveFeeds&) = delete;

  /// From now on the queue gets the stream, from its newest keyframe on where that is known.
  /// kResourceExhausted: too many are transcoded.
  [[nodiscard]] Result<void> Join(WatchedStream watched, const std::shared_ptr<ViewerQueue>& queue);
  void Leave(WatchedStream watched, const std::shared_ptr<ViewerQueue>& queue);

  /// The stream for those who follow it by HLS. Errors as Join.
  [[nodiscard]] Result<std::shared_ptr<LivePackage>> Pack(WatchedStream watched);
  /// Whether somebody follows it.
  [[nodiscard]] bool IsPacked(WatchedStream watched);

  /// When its newest frame came; nothing where nobody watches it.
  [[nodiscard]] std::optional<MonoTime> LastUnit(WatchedStream watched);
  /// Ends packages that nobody has asked for in `unused_max` or that get nothing for `silence_max`,
  /// and what nobody uses. May wait for a frame that is being transcoded.
  void EndUnused(std::chrono::milliseconds unused_max, std::chrono::milliseconds silence_max);

 private:
  struct Entry {
    std::shared_ptr<LiveFeed> feed;
    std::unique_ptr<TranscodedFeed> transcoded;  // null: as the camera sends it
  };
  // The mutex is held:
  [[nodiscard]] Result<LiveFeed*> FeedOf(WatchedStream watched);
  [[nodiscard]] Result<Entry> Begin(WatchedStream watched);
  void EndAllUnused();
  [[nodiscard]] bool EndOneUnused();

  Transcoders& transcoders_;
  const Clock& clock_;
  storage::LiveSubscriber subscriber_;
  const LiveFeed::Held held_;
  std::mutex mutex_;  // guards the rest
  std::map<WatchedStream, Entry> entries_;
  std::vector<std::unique_ptr<TranscodedFeed>> ending_;  // outside the mutex: that may take a while
};

}  // namespace yagura::api
