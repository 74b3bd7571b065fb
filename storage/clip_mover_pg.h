#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/calendar.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/copies_under_way.h"
#include "storage/copy_queries_pg.h"
#include "storage/files.h"
#include "storage/object_store.h"
#include "storage/retention_queries_pg.h"

namespace yagura::storage {

/// Copies finished clips to the object store, and lets their files go when they are old enough: in
/// steps of which each is committed before the next begins, so that a crash between any two is
/// taken up where it happened (schema/0050_object_store.sql, docs/design/object-store.md):
/// - T1: the row says that an object may lie in the store;
/// - T2: the file is stored, and every byte read back; then the row says that there is a copy;
/// - T3: the store is asked for its size once more; then the row says that the file is leaving;
/// - T4: the file is unlinked, and its folder synced; then the row says so.
///
/// A clip that is held keeps both. A damaged file is not copied, and stays. While the store doesn't
/// answer nothing goes, and an alarm is raised each hour.
///
/// Start and Stop on one thread; Pass from one thread at a time (tests instead of Start).
class ClipMover {
 public:
  struct Options {
    OfficeCalendar calendar;
    std::string address;  // of the store, for people
    microseconds copy_after{};
    std::optional<microseconds> keep_files_for;  // nothing: as long as the footage
    int uploads_at_once = 4;
    std::size_t clips_per_step = 64;
    int steps_max = 20;  // of each volume in one pass
    std::chrono::milliseconds interval{10'000};
  };
  struct Outcome {
    std::uint64_t copied = 0;
    std::uint64_t copied_bytes = 0;
    std::uint64_t left = 0;
    std::uint64_t not_copyable = 0;  // their files are damaged or missing
    std::uint64_t copies_lost = 0;   // found gone before the file went
  };

  /// `pool` connects as yagura_keep. All must outlive this. Before Stop, have `store` give up what
  /// it does (S3Options::is_stopping): Stop waits for it.
  ClipMover(pg::Pool& pool, Files& files, ObjectStore& store, CopiesUnderWay& under_way,
            const Clock& clock, Options options);
  ~ClipMover();
  ClipMover(const ClipMover&) = delete;
  ClipMover& operator=(const ClipMover&) = delete;

  void Start();
  void Stop();

  /// Copies and lets go until nothing more is to be done, or the store fails. What was done before
  /// an error stays done.
  [[nodiscard]] Result<Outcome> Pass();

 private:
  void Loop();
  void Round();
  [[nodiscard]] Result<StoreId> Recognise();
  [[nodiscard]] Result<void> CopyAll(const KnownVolume& volume, Outcome& outcome);
  [[nodiscard]] Result<std::optional<std::vector<MovingClip>>> Claim(const KnownVolume& volume,
                                                                     WallTime ended_by);
  [[nodiscard]] Result<void> CopyThese(const KnownVolume& volume,
                                       const std::vector<MovingClip>& clips, Outcome& outcome);
  enum class Copy : std::uint8_t { kMade, kFound };  // found: of a clip without a file
  [[nodiscard]] std::vector<Result<Copy>> Upload(const KnownVolume& volume,
                                                 const std::vector<MovingClip>& clips);
  [[nodiscard]] Result<Copy> CopyOne(const KnownVolume& volume, const MovingClip& clip);
  [[nodiscard]] Result<Copy> Find(const MovingClip& clip);
  [[nodiscard]] Result<void> LetGo(const KnownVolume& volume, Outcome& outcome);
  [[nodiscard]] Result<bool> BeginLeaving(const KnownVolume& volume, Outcome& outcome);
  [[nodiscard]] Result<void> FinishLeaving(const KnownVolume& volume, Outcome& outcome);
  [[nodiscard]] std::vector<MovingClip> Unlink(const KnownVolume& volume,
                                               const std::vector<MovingClip>& clips);
  [[nodiscard]] std::string NameOf(const MovingClip& clip) const;
  /// Runs `write` in a transaction.
  [[nodiscard]] Result<void> Write(const std::function<void(pqxx::transaction_base&)>& write);

  pg::Pool& pool_;
  Files& files_;
  ObjectStore& store_;
  CopiesUnderWay& under_way_;
  const Clock& clock_;
  const Options options_;
  StoreId store_id_;
  std::map<VolumeId, MovingClip> reached_;  // what lies before is copied, or in not_copyable_
  std::set<ClipId> not_copyable_;           // forgotten, as reached_, at look_again_at_
  MonoTime look_again_at_{};
  MonoTime next_alarm_{};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace yagura::storage
