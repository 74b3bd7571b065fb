#pragma once

#include <optional>
#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// The three dated tables of a camera: rows are closed and added to, never edited
/// (storage/schema/0001_places_and_cameras.sql). For this room's own use.
namespace yagura::fleet {

enum class DatedTable { kPlacement, kCharge, kState };

struct DatedRow {
  std::string value;  // id of a floor or unit, or a state's name
  WallRange valid;    // WallTime::max(): until it is closed
};

/// Makes later changes of this camera wait for this transaction. kNotFound: no such camera.
[[nodiscard]] Result<void> LockCamera(pqxx::transaction_base& transaction, CameraId camera);

/// The row that begins last; nothing where there is none.
[[nodiscard]] std::optional<DatedRow> LastRow(pqxx::transaction_base& transaction, DatedTable table,
                                              CameraId camera);

/// From `at` on it is `value`: closes the row that is open then and adds one. The value until then
/// (nothing where there was none), or nothing done where it is that already: `changed` says which.
/// kFailedPrecondition: a row begins at `at` or later, which closing could not undo. Only a state
/// has a note.
struct DatedChange {
  bool changed = false;
  std::optional<std::string> before;
};
[[nodiscard]] Result<DatedChange> ChangeFrom(pqxx::transaction_base& transaction, DatedTable table,
                                             CameraId camera, const std::string& value, WallTime at,
                                             const std::string& note = "");
/// From `at` on there is none. Otherwise as ChangeFrom.
[[nodiscard]] Result<DatedChange> CloseFrom(pqxx::transaction_base& transaction, DatedTable table,
                                            CameraId camera, WallTime at);

}  // namespace yagura::fleet
