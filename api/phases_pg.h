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

/// A phase of the rollout, and how far its cameras are.
struct PhaseView {
  struct Missing {
    std::string id;
    std::string code;
    fleet::CameraState state;
  };
  std::string id;
  std::string code;
  std::string name;
  WallTime starts_at{};
  CameraCounts cameras;
  std::vector<Missing> missing;  // planned or staged: they keep the phase from going in service
};

/// Phases, by date and code, as `cameras` stand in them at `now`; without cameras too. Runs under
/// the caller's row-level security; throws libpqxx's exceptions, for the pool.
[[nodiscard]] std::vector<PhaseView> PhasesOf(pqxx::transaction_base& transaction,
                                              const std::vector<CameraId>& cameras, WallTime now);

}  // namespace yagura::api
