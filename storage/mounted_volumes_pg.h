#pragma once

#include <vector>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "storage/files.h"
#include "storage/retention_queries_pg.h"

namespace yagura::storage {

/// Whether the volume's folder is what the catalogue thinks it is; says so in the log where not.
[[nodiscard]] bool IsThere(Files& files, const KnownVolume& volume);
/// Those of the catalogue's volumes.
[[nodiscard]] Result<std::vector<KnownVolume>> MountedVolumes(pg::Pool& pool, Files& files);

}  // namespace yagura::storage
