#pragma once

#include "app/evidence.h"
#include "core/pg/pool_pg.h"

namespace yagura::app {

/// Everything that the catalogue says, in one state of it. `pool` connects as yagura_record.
[[nodiscard]] Result<CatalogueEvidence> ReadCatalogueEvidence(pg::Pool& pool);

}  // namespace yagura::app
