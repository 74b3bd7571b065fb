#pragma once

#include "app/seal_book.h"
#include "core/pg/pool_pg.h"
#include "core/time.h"

namespace yagura::app {

/// Signs each minute where the chains of the audit log stand, as `yagura keep` does; and looks
/// first whether what it signed before still stands. Where it doesn't, nothing more is signed, and
/// it says so each minute: somebody with a superuser's power has changed the log, or an older copy
/// of the database was put back. One thread.
class AuditSealer {
 public:
  /// `pool` connects as yagura_keep. All must outlive this.
  AuditSealer(pg::Pool& pool, storage::Files& files, StateFiles state, const Clock& clock)
      : pool_(pool), files_(files), state_(std::move(state)), clock_(clock) {}

  /// Does it where a minute has passed since it was done. The error has been logged.
  [[nodiscard]] Result<void> Round();
  /// Does it now.
  [[nodiscard]] Result<void> Seal();

 private:
  [[nodiscard]] Result<void> TrySeal();

  pg::Pool& pool_;
  storage::Files& files_;
  const StateFiles state_;
  const Clock& clock_;
  std::optional<SealBook> book_;
  std::optional<MonoTime> next_;
};

}  // namespace yagura::app
