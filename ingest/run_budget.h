#pragma once

#include <algorithm>

#include "core/time.h"
#include "ingest/limits.h"

namespace yagura::ingest {

/// How often one stream may make us begin a run: each is a file, its syncs and its rows, and all
/// cameras share who writes these. kRunsAtOnce together, then one in each kRunEach. Pure; one
/// thread.
class RunBudget {
 public:
  /// Whether there may be one more now.
  [[nodiscard]] bool Take(MonoTime now) {
    paid_until_ = std::max(paid_until_, now) + kRunEach;
    return paid_until_ - now <= kRunsAtOnce * kRunEach;
  }

 private:
  MonoTime paid_until_{};
};

}  // namespace yagura::ingest
