#include "storage/mounted_volumes_pg.h"

#include "core/log.h"
#include "storage/volume.h"

namespace yagura::storage {

bool IsThere(Files& files, const KnownVolume& volume) {
  const auto opened = Volume::Open(files, {.root = volume.path, .reserve_bytes = 0});
  if (opened.has_value() && (*opened)->id() == volume.id) return true;
  log::Warning("a volume is not there; nothing on it is deleted",
               {{"volume", ToString(volume.id)}});
  return false;
}

Result<std::vector<KnownVolume>> MountedVolumes(pg::Pool& pool, Files& files) {
  ASSIGN_OR_RETURN(auto volumes,
                   pool.ReadFor<std::vector<KnownVolume>>([](pqxx::transaction_base& transaction) {
                     return Result<std::vector<KnownVolume>>(ReadVolumes(transaction));
                   }));
  std::erase_if(volumes, [&](const KnownVolume& volume) { return !IsThere(files, volume); });
  return volumes;
}

}  // namespace yagura::storage
