#pragma once

#include <cstdint>
#include <vector>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/files.h"
#include "storage/volume_standing.h"

namespace yagura::storage {

/// How the volumes stand, by path. Role: yagura_keep.
[[nodiscard]] Result<std::vector<VolumeStanding>> ReadVolumeStandings(pg::Pool& pool, WallTime now);

/// Keeps in the catalogue how the volumes stand, for `yagura volume list`, `yagura status` and the
/// recorder's metrics, and raises an alarm as each comes above a mark. One thread.
class VolumeWatch {
 public:
  /// All outlive it. `pool` connects as yagura_keep; `reserve_bytes` as VolumeOptions has it.
  VolumeWatch(pg::Pool& pool, Files& files, const Clock& clock, std::uint64_t reserve_bytes)
      : pool_(pool), files_(files), clock_(clock), reserve_bytes_(reserve_bytes) {}
  /// What isn't there stays as it was seen last.
  [[nodiscard]] Result<void> Look();

 private:
  [[nodiscard]] Result<void> Note(const VolumeId& volume, const Space& space, bool measures);

  pg::Pool& pool_;
  Files& files_;
  const Clock& clock_;
  const std::uint64_t reserve_bytes_;
  MonoTime next_measurement_{};
};

}  // namespace yagura::storage
