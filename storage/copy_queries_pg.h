#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "storage/sha256.h"
#include "storage/store_identity.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// The statements of clip_mover_pg.cc, one function each. Role: yagura_keep. They throw libpqxx's
/// exceptions. The steps are those of schema/0050_object_store.sql.
namespace yagura::storage {

/// A clip with a file on a volume.
struct MovingClip {
  ClipId id;
  CameraId camera;
  WallTime start{};
  WallTime end{};
  std::uint64_t bytes = 0;
  Sha256Digest sha256{};
};

/// The stores that the catalogue knows: one at most today.
[[nodiscard]] std::vector<StoreId> ReadStores(pqxx::transaction_base& transaction);
/// That the store is there, at this address.
void NoteStore(pqxx::transaction_base& transaction, const StoreId& store,
               const std::string& address, WallTime now);
/// How far copying has come, or why it doesn't go on.
void NoteCopied(pqxx::transaction_base& transaction, const StoreId& store, WallTime copied_until,
                WallTime now);
void NoteFault(pqxx::transaction_base& transaction, const std::string& address,
               const std::string& fault);

/// Up to `limit` clips of `volume` that have no copy and ended by `ended_by`, behind `after` (by
/// start, id).
[[nodiscard]] std::vector<MovingClip> ReadUncopied(pqxx::transaction_base& transaction,
                                                   const VolumeId& volume, WallTime ended_by,
                                                   const MovingClip* after, std::size_t limit);
/// An object of each may be in the store from here on; gives those for which that is true: not
/// those that are expiring.
[[nodiscard]] std::vector<MovingClip> ClaimForCopy(pqxx::transaction_base& transaction,
                                                   const std::vector<MovingClip>& clips,
                                                   const StoreId& store);
void MarkCopied(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips,
                WallTime now);
/// Their copy has vanished: they are to be copied again.
void MarkCopyLost(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips);

/// Up to `limit` clips of `volume` that have a copy, ended by `ended_by` and are neither held nor
/// expiring, by start.
[[nodiscard]] std::vector<MovingClip> ReadMovable(pqxx::transaction_base& transaction,
                                                  const VolumeId& volume, WallTime ended_by,
                                                  std::size_t limit);
/// From here on they are read from the store; but not those that are held or expiring by now.
/// Nobody places a hold until the transaction ends.
void MarkLeaving(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips,
                 WallTime now);
/// Up to `limit` clips of `volume` whose file is to go.
[[nodiscard]] std::vector<MovingClip> ReadLeaving(pqxx::transaction_base& transaction,
                                                  const VolumeId& volume, std::size_t limit);
void MarkLeft(pqxx::transaction_base& transaction, const std::vector<MovingClip>& clips,
              WallTime now);

}  // namespace yagura::storage
