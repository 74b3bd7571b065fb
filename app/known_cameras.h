#pragma once

#include <optional>
#include <string>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/recorder_view.h"
#include "fleet/sealing.h"
#include "storage/files.h"

namespace yagura::app {

/// What the recorder knows of its cameras: as the database says while it answers, else as it said
/// last. One thread.
class KnownCameras {
 public:
  /// `pool` connects as yagura_record; `file` keeps the last view. All must outlive it.
  KnownCameras(pg::Pool& pool, storage::Files& files, const Clock& clock, std::string file,
               fleet::SealingPublicKey key)
      : pool_(pool), files_(files), clock_(clock), file_(std::move(file)), key_(key) {}

  /// The last view that was kept, if any. A damaged one is said and passed over.
  void LoadLast();
  /// Asks the database whether anything changed, and reads it where it did. True where the view is
  /// another one now. Waits at most as long as the pool's timeouts.
  bool Refresh();

  /// Nothing where the database has never answered.
  [[nodiscard]] const std::optional<fleet::RecorderView>& view() const { return view_; }

 private:
  [[nodiscard]] Result<std::optional<fleet::RecorderView>> ReadChanged();
  void PublishKey();

  pg::Pool& pool_;
  storage::Files& files_;
  const Clock& clock_;
  const std::string file_;
  const fleet::SealingPublicKey key_;
  std::optional<fleet::RecorderView> view_;
  bool read_ = false;       // the view is the database's own of this run
  bool published_ = false;  // our key stands in the database
  bool away_ = false;       // said in the log
};

}  // namespace yagura::app
