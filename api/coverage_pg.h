#pragma once

#include <vector>

#include "access_control/action.h"
#include "core/ids.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::api {

/// Stretches of `camera` for which there is footage, each of one owner, by what the person of the
/// transaction may know (storage/schema/0005_row_security.sql, recorded_stretches). Throws
/// libpqxx's exceptions, for the pool.
[[nodiscard]] std::vector<access_control::Footage> RecordedFootage(
    pqxx::transaction_base& transaction, CameraId camera, WallRange range);

}  // namespace yagura::api
