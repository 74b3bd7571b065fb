#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/catalogue_insert_pg.h"
#include "storage/files.h"
#include "storage/journal.h"
#include "storage/set_aside.h"

namespace yagura::storage {

/// A volume as the catalogue knows it.
struct VolumeRegistration {
  VolumeId id;
  std::string path;
  std::optional<std::uint64_t> limit_bytes;  // nothing: as large as its file system
};

/// Brings what the recorder's journal says into the catalogue, about once a second, in the
/// journal's order: a row never stands there before its file is closed and synced. While PostgreSQL
/// is away the journal keeps everything and memory nothing; what was stored twice, because nobody
/// heard of the first time, is stored once. A record that the catalogue refuses is set aside with
/// an alarm, and the others go on. Where the journal is damaged, what is open is stored from
/// memory, and reading goes on behind the damage, with an alarm.
///
/// Start and Stop on one thread; CommitOnce from one thread at a time (tests instead of Start);
/// GetStatus from any.
class CatalogueCommitter {
 public:
  struct Options {
    OfficeDays days;
    std::vector<VolumeRegistration> volumes;  // as SetVolumes
    std::string set_aside_path;               // the file of refused records
    std::chrono::milliseconds interval{1000};
    std::chrono::milliseconds checkpoint_interval{
        5000};                      // what came since is read again after a crash
    std::size_t records_max = 500;  // of one transaction
  };
  struct Status {
    JournalPosition stored;                // the catalogue has everything before it
    std::uint64_t records_set_aside = 0;   // by this process
    std::uint64_t damages = 0;             // places of the journal that could not be read
    std::optional<Error> last_error;       // nothing: the last attempt succeeded
    std::optional<WallTime> caught_up_at;  // when there was last nothing left to store
  };

  /// `pool` connects as yagura_record and must outlive this, as the others must.
  CatalogueCommitter(Journal& journal, pg::Pool& pool, Files& files, const Clock& clock,
                     Options options);
  ~CatalogueCommitter();
  CatalogueCommitter(const CatalogueCommitter&) = delete;
  CatalogueCommitter& operator=(const CatalogueCommitter&) = delete;

  /// The volumes from now on: those that are new are made known before the next row. Any thread.
  void SetVolumes(std::vector<VolumeRegistration> volumes);

  void Start();
  /// Stores what is left, as long as that goes well, and ends. Bounded by the pool's timeouts.
  void Stop();

  /// Stores the next batch; gives the number of records it read, 0 where there is nothing new.
  /// After an error the same batch comes again.
  [[nodiscard]] Result<std::size_t> CommitOnce();
  [[nodiscard]] Status GetStatus() const;

 private:
  void Loop();
  void Drain();
  [[nodiscard]] Result<std::size_t> StoreNext();
  [[nodiscard]] Result<std::size_t> PassDamage(const Error& damage);
  [[nodiscard]] Result<void> RegisterVolumes();
  [[nodiscard]] Result<void> Store(std::span<const JournalRecord> records);
  [[nodiscard]] Result<void> StoreOrSetAside(std::span<const JournalRecord> records);
  [[nodiscard]] Result<void> StoreOneByOne(std::span<const JournalRecord> records);
  [[nodiscard]] Result<void> SetAside(const JournalRecord& record, const Error& why);
  void Checkpoint(bool at_once);
  void Note(const Result<std::size_t>& outcome);

  Journal& journal_;
  pg::Pool& pool_;
  const Clock& clock_;
  const Options options_;
  SetAsideFile set_aside_;

  // The committing thread's own.
  JournalPosition position_;
  JournalPosition checkpoint_;
  MonoTime checkpointed_at_{};
  std::size_t records_max_;  // smaller for a while after a batch took too long

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  Status status_;          // guarded by mutex_
  /// Not yet registered; guarded by mutex_.
  std::vector<VolumeRegistration> to_register_;
  std::thread thread_;
};

}  // namespace yagura::storage
