#pragma once

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/ids.h"
#include "core/time.h"

namespace yagura::api {

/// Small pictures that were made lately, in memory alone: whoever drags along a timeline comes by
/// the same ones again. It decides nothing: ask it only for footage that may be seen. None is given
/// out later than `kept_for` after it was made, so that deleted footage isn't either. Thread-safe.
class ThumbnailCache {
 public:
  struct Limits {
    std::size_t bytes = std::size_t{64} << 20;
    std::chrono::minutes kept_for{10};
  };
  /// Of which keyframe.
  struct Key {
    ClipId clip;
    MediaTime media;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  using Jpeg = std::shared_ptr<const std::string>;

  /// `clock` outlives it.
  explicit ThumbnailCache(const Clock& clock) : ThumbnailCache(clock, Limits()) {}
  ThumbnailCache(const Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

  /// Nothing where it isn't here.
  [[nodiscard]] Jpeg Find(const Key& key);
  /// Keeps it in place of the ones kept the longest; gives it back. One over the limit isn't kept.
  Jpeg Keep(const Key& key, std::string jpeg);

 private:
  struct Entry {
    Key key;
    Jpeg jpeg;
    MonoTime made_at;
  };
  /// Under mutex_.
  void DropOldest();
  void DropOutdated();

  const Clock& clock_;
  const Limits limits_;
  std::mutex mutex_;          // guards the rest
  std::list<Entry> entries_;  // the oldest first
  std::map<Key, std::list<Entry>::iterator> by_key_;
  std::size_t bytes_ = 0;
};

}  // namespace yagura::api
