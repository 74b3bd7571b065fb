#pragma once

#include <optional>

#include "core/camera_stream.h"
#include "core/pg/pool_pg.h"
#include "core/time.h"

namespace yagura::api {

/// The unit in charge of a camera now (none of a staged one: zeros), and since when its pictures
/// are that unit's, or the camera is staged.
struct LiveCharge {
  UnitId unit;
  WallTime since;
};
/// Whether the camera has such a stream.
[[nodiscard]] bool HasStream(pqxx::transaction_base& transaction, CameraStream of);
/// Nothing where the person of the request may not watch `camera` live, by row-level security
/// alone.
[[nodiscard]] std::optional<LiveCharge> FindLiveCharge(pqxx::transaction_base& transaction,
                                                       CameraId camera);

}  // namespace yagura::api
