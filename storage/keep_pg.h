#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/catalogue_insert_pg.h"
#include "storage/files.h"
#include "storage/retention_pg.h"
#include "storage/set_aside.h"
#include "storage/volume_standing_pg.h"

namespace yagura::storage {

/// The catalogue's housekeeping, every ten seconds: partitions for the days to come, empty old ones
/// dropped, retention (of notes each hour), how full the volumes are, and alarms while records are
/// set aside. What fails is tried again in the next round and holds up nothing else.
///
/// Start and Stop on one thread; Round from one thread at a time (tests instead of Start).
class Keep {
 public:
  struct Options {
    OfficeDays days;
    /// Free space of each file system that the recorder never touches
    /// (VolumeOptions::reserve_bytes).
    std::uint64_t reserve_bytes = std::uint64_t{1} << 30;
    std::string set_aside_path;  // CatalogueCommitter::Options::set_aside_path
    /// How far our clock can be trusted now (Retention::Options).
    std::function<ClockState()> clock_state = [] { return ClockState::kUnknown; };
    ObjectStore* store = nullptr;               // as Retention::Options
    const CopiesUnderWay* under_way = nullptr;  // alike
    std::chrono::milliseconds interval{10'000};
    int partition_days_ahead = 14;
  };

  /// `pool` connects as yagura_keep and must outlive this, as the others must.
  Keep(pg::Pool& pool, Files& files, const Clock& clock, Options options);
  ~Keep();
  Keep(const Keep&) = delete;
  Keep& operator=(const Keep&) = delete;

  void Start();
  /// Waits for the round under way.
  void Stop();

  /// One round. The error is the first of its parts'; it has been logged.
  [[nodiscard]] Result<void> Round();

 private:
  void Loop();
  [[nodiscard]] Result<void> MakePartitions(const std::string& today);
  [[nodiscard]] Result<void> DropPartitions(const std::string& today);
  [[nodiscard]] Result<void> Delete();
  [[nodiscard]] Result<void> DeleteNotes();
  [[nodiscard]] Result<void> LookAtSetAside();
  [[nodiscard]] bool AlarmIsDue(MonoTime& next) const;

  pg::Pool& pool_;
  const Clock& clock_;
  const Options options_;
  Retention retention_;
  VolumeWatch volumes_;
  SetAsideFile set_aside_;
  std::string made_on_;     // the office's day on which partitions were last made,
  std::string dropped_on_;  // and dropped
  MonoTime next_notes_{};
  MonoTime next_set_aside_alarm_{};
  MonoTime next_space_alarm_{};
  MonoTime next_clock_alarm_{};
  MonoTime next_copies_alarm_{};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace yagura::storage
