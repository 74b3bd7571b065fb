#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "storage/recorded_pairs_pg.h"
#include "storage/retention.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// The statements of retention_pg.cc, one function each. Role: yagura_keep. They throw libpqxx's
/// exceptions.
namespace yagura::storage {

/// A clip whose row is marked.
struct ExpiringClip {
  ClipId id;
  CameraId camera;
  WallTime start{};
  std::uint64_t bytes = 0;
  bool may_be_in_store = false;  // an object of its name may lie in the object store
};

struct KnownVolume {
  VolumeId id;
  std::string path;
};

[[nodiscard]] std::vector<KnownVolume> ReadVolumes(pqxx::transaction_base& transaction);
/// The office's own newest rule that has begun.
[[nodiscard]] RetentionRule ReadRule(pqxx::transaction_base& transaction, WallTime now);
/// Up to `limit` clips that end by their pair's may_go_to and are neither expiring nor held: on
/// `volumes`, and those that have left any volume for the object store. By camera, the oldest of
/// each first: those that may go are not sought among those that may not.
[[nodiscard]] std::vector<StoredClip> ReadDue(pqxx::transaction_base& transaction,
                                              const std::vector<VolumeId>& volumes,
                                              const std::vector<RecordedPair>& pairs,
                                              std::size_t limit);
/// Whether in one of the last `hours` hours before `now` no clip, run or gap began or ended.
[[nodiscard]] bool HasEmptyHour(pqxx::transaction_base& transaction, WallTime now, int hours);
/// Usage (without free_bytes) of `volume`.
[[nodiscard]] VolumeUsage ReadUsage(pqxx::transaction_base& transaction, const VolumeId& volume);
/// Its `limit` oldest clips that have files on it, end by their pair's may_go_to and are neither
/// expiring nor held.
[[nodiscard]] std::vector<StoredClip> ReadOldest(pqxx::transaction_base& transaction,
                                                 const VolumeId& volume,
                                                 const std::vector<RecordedPair>& pairs,
                                                 std::size_t limit);
/// As one plan, with an id of its own. But what is held by now, also by a hold that was placed
/// since the plan was made. Nobody places one until the transaction ends.
void MarkExpiring(pqxx::transaction_base& transaction,
                  const std::vector<PlannedDeletion>& deletions, WallTime now);
/// Marks up to `limit` clips that were recorded while their camera was staged and that has gone in
/// service since, but none that is held; gives their number.
[[nodiscard]] std::size_t MarkStaged(pqxx::transaction_base& transaction, WallTime now,
                                     std::size_t limit);
/// Up to `limit` marked clips that have a file on `volume`, behind `after` (by start, id).
[[nodiscard]] std::vector<ExpiringClip> ReadExpiring(pqxx::transaction_base& transaction,
                                                     const VolumeId& volume,
                                                     const ExpiringClip* after, std::size_t limit);
/// The same of marked clips of all volumes whose file has gone: their copy may be left.
[[nodiscard]] std::vector<ExpiringClip> ReadExpiringCopies(pqxx::transaction_base& transaction,
                                                           const ExpiringClip* after,
                                                           std::size_t limit);
/// Says of marked clips that their file has gone; their copy is still to be deleted.
void MarkFileGone(pqxx::transaction_base& transaction, const std::vector<ExpiringClip>& clips,
                  WallTime now);
/// Proves the deletion of marked clips, and deletes their rows.
void ProveDeleted(pqxx::transaction_base& transaction, const std::vector<ExpiringClip>& clips,
                  WallTime now);
/// Of each volume that has held clips.
[[nodiscard]] std::vector<HeldClips> ReadHeldClips(pqxx::transaction_base& transaction);
void SetFull(pqxx::transaction_base& transaction, const std::vector<VolumeId>& full,
             const std::vector<VolumeId>& relieved, WallTime now);

}  // namespace yagura::storage
