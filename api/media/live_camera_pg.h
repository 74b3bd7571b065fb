#pragma once

#include <optional>

#include "core/ids.h"
#include "core/pg/pool_pg.h"
#include "core/time.h"

namespace yagura::api {

/// Since when the pictures of `camera` are those of the unit in charge now; nothing where the
/// person of the request may not watch it live, by row-level security alone.
[[nodiscard]] std::optional<WallTime> LiveSince(pqxx::transaction_base& transaction,
                                                CameraId camera);

}  // namespace yagura::api
