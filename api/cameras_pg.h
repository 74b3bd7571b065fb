#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::api {

/// A camera as the API shows it: as it is at one instant, by what the person may see; to a unit
/// that was in charge of it, as it was last then, but for its code and name, which are not dated.
/// Never how to reach it.
struct CameraView {
  CameraId id;
  std::string code;
  std::string name;
  std::optional<FloorId> floor;
  std::optional<UnitId> department;
  std::optional<std::string> phase;  // code
  std::optional<std::string> state;
  /// Of a camera that is due now, as the recorder last said it (storage/schema's camera_health).
  struct Health {
    std::string condition;
    std::optional<std::string> reason;
    std::optional<WallTime> since;
    std::optional<std::string> picture_fault;
    std::optional<WallTime> picture_since;
  };
  std::optional<Health> health;
  /// Of its sub stream, where it has one now, and is one's own now.
  std::optional<bool> sub_stream_recorded;
};

struct CameraSearch {
  std::vector<CameraId> among;
  std::optional<std::string> phase;  // code
  std::optional<std::string> state;
  std::optional<std::string> text;        // part of code or name, whatever the case
  std::optional<std::string> after_code;  // of the last one seen
  std::uint32_t limit = 100;
};

/// Those of `search.among` that fit, by code, as they are at `now`. Runs under the caller's
/// row-level security; throws libpqxx's exceptions, for the pool.
[[nodiscard]] std::vector<CameraView> FindCameras(pqxx::transaction_base& transaction,
                                                  const CameraSearch& search, WallTime now);

}  // namespace yagura::api
