#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "core/pg/pool_pg.h"
#include "core/time.h"
#include "storage/object_store.h"

namespace yagura::storage {

/// A store from which copies are deleted: only while it shows the id that the catalogue knows, and
/// an object has gone only when the store doesn't have it any more. Else a bucket named by mistake,
/// in which there is nothing, would make proofs of deletions that never were. All else passes
/// through. Thread-safe.
class KnownStore final : public ObjectStore {
 public:
  /// So long one look at the id is enough.
  static constexpr std::chrono::seconds kLookLasts{10};

  /// `pool` connects as yagura_keep. All outlive it.
  KnownStore(ObjectStore& store, pg::Pool& pool, const Clock& clock)
      : store_(store), pool_(pool), clock_(clock) {}

  [[nodiscard]] Result<void> Put(const NewObject& object) override { return store_.Put(object); }
  [[nodiscard]] Result<void> Get(const std::string& name, std::uint64_t offset,
                                 std::span<std::uint8_t> buffer) override {
    return store_.Get(name, offset, buffer);
  }
  [[nodiscard]] Result<std::uint64_t> SizeOf(const std::string& name) override {
    return store_.SizeOf(name);
  }
  /// kFailedPrecondition: this is another store, or one that the catalogue doesn't know yet;
  /// kUnavailable also where the object is still there.
  [[nodiscard]] Result<void> Delete(const std::string& name) override;
  [[nodiscard]] Result<ObjectPage> List(const std::string& prefix,
                                        const std::string& after) override {
    return store_.List(prefix, after);
  }

 private:
  [[nodiscard]] Result<void> LookAtId();

  ObjectStore& store_;
  pg::Pool& pool_;
  const Clock& clock_;
  std::mutex mutex_;
  std::optional<MonoTime> known_at_;  // guarded by mutex_
};

}  // namespace yagura::storage
