#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "access_control/organisation.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"

namespace yagura::access_control {

/// Reads all facts and their epoch in one snapshot, as yagura_api or yagura_media. They see ids and
/// dates, no names. kUnavailable, kDeadlineExceeded: PostgreSQL is away; kDataLoss: the facts
/// contradict themselves.
[[nodiscard]] Result<std::shared_ptr<const Facts>> LoadFacts(pg::Pool& pool);

/// The facts as last read. Whoever meets another epoch says so and gets them read again.
/// Thread-safe.
class FactsSource {
 public:
  explicit FactsSource(pg::Pool& pool) : pool_(pool) {}

  /// The facts as last read; read now where they never were.
  [[nodiscard]] Result<std::shared_ptr<const Facts>> Current();
  /// Facts that are not those of `stale_epoch`: reads them unless someone else just did.
  [[nodiscard]] Result<std::shared_ptr<const Facts>> Reload(std::int64_t stale_epoch);

 private:
  pg::Pool& pool_;
  std::mutex loading_;  // one reads, others wait for what it finds
  std::mutex mutex_;
  std::shared_ptr<const Facts> current_;  // under mutex_
};

}  // namespace yagura::access_control
