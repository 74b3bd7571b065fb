#pragma once

#include <mutex>
#include <set>
#include <vector>

#include "core/ids.h"

namespace yagura::storage {

/// Clips whose copy is just being made: their objects may appear at any moment, so whoever deletes
/// objects leaves them until that is over. Copying and deleting go on in one process, so a crash
/// ends both. Thread-safe.
class CopiesUnderWay {
 public:
  void Add(const ClipId& clip) {
    const std::scoped_lock lock(mutex_);
    clips_.insert(clip);
  }
  void Clear() {
    const std::scoped_lock lock(mutex_);
    clips_.clear();
  }
  [[nodiscard]] bool Contains(const ClipId& clip) const {
    const std::scoped_lock lock(mutex_);
    return clips_.contains(clip);
  }

 private:
  mutable std::mutex mutex_;
  std::set<ClipId> clips_;  // guarded by mutex_
};

}  // namespace yagura::storage
