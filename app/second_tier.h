#pragma once

#include <atomic>
#include <memory>

#include "app/configuration.h"
#include "app/verb.h"
#include "core/calendar.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "storage/clip_mover_pg.h"
#include "storage/copies_under_way.h"
#include "storage/files.h"
#include "storage/known_store_pg.h"
#include "storage/s3_store.h"

namespace yagura::app {

/// How to reach the configured store, with its keys read. A refusal where the file of the keys is
/// not there, is not this user's alone, or has not two lines.
[[nodiscard]] Result<storage::S3Options> StoreOptions(const VerbContext& context,
                                                      const ObjectStoreConfiguration& store);

/// What `yagura keep` does with the object store: copies clips to it on a thread of its own, with
/// its own connection to the database.
class SecondTier {
 public:
  /// Nothing where none is configured. `files` and the context's clock outlive it.
  [[nodiscard]] static Result<std::unique_ptr<SecondTier>> Open(const VerbContext& context,
                                                                const Configuration& configuration,
                                                                const OfficeCalendar& calendar,
                                                                storage::Files& files);
  /// From which copies may be deleted.
  [[nodiscard]] storage::KnownStore& store() { return *known_store_; }
  [[nodiscard]] const storage::CopiesUnderWay& under_way() const { return under_way_; }
  void Start() { mover_->Start(); }
  /// Gives up what is under way; `store` fails from here on.
  void Stop();

 private:
  SecondTier(const VerbContext& context, const Configuration& configuration,
             const OfficeCalendar& calendar, storage::Files& files, storage::S3Options options);

  std::atomic<bool> stopping_ = false;
  storage::CopiesUnderWay under_way_;
  pg::Pool pool_;
  std::unique_ptr<storage::ObjectStore> store_;
  std::unique_ptr<storage::KnownStore> known_store_;
  std::unique_ptr<storage::ClipMover> mover_;
};

}  // namespace yagura::app
