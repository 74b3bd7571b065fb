#pragma once

#include <string>
#include <vector>

#include "api/camera_counts.h"
#include "core/ids.h"
#include "core/time.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::api {

/// What all places have.
struct PlaceView {
  std::string id;
  std::string code;
  std::string name;
};
struct FloorView {
  PlaceView place;
  int ordinal = 0;  // from the bottom up
  CameraCounts cameras;
};
struct BuildingView {
  PlaceView place;
  std::vector<FloorView> floors;  // from the bottom up
};
struct SiteView {
  PlaceView place;
  std::vector<BuildingView> buildings;  // by code
};

/// The places where `cameras` stand at `now`, sites by code. Runs under the caller's row-level
/// security; throws libpqxx's exceptions, for the pool.
[[nodiscard]] std::vector<SiteView> PlacesOf(pqxx::transaction_base& transaction,
                                             const std::vector<CameraId>& cameras, WallTime now);

}  // namespace yagura::api
