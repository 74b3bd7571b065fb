#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "fleet/camera.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::fleet {

/// One camera of a phase: how far it is, and what operations need to know to get it further.
struct BoardCamera {
  std::string code;
  std::string name;
  std::string floor;       // "HQ/MAIN/6F"; empty: it stands nowhere
  std::string floor_name;  // "6階"
  std::string unit;        // code of the unit in charge; empty: nobody is
  CameraState state = CameraState::kPlanned;
  std::optional<WallTime> since;  // of the state; nothing: none was entered
  struct Next {
    CameraState state;
    WallTime at;
  };
  std::optional<Next> next;  // the state that is entered already for later
  bool recorded = false;     // whether anything was since its state began
  struct Missing {
    std::string reason;  // as GapReason has it
    WallTime since;
  };
  std::optional<Missing> missing;  // due, and not recorded at this moment

  /// Planned and staged cameras keep their phase from going in service.
  [[nodiscard]] bool HoldsUp() const {
    return state == CameraState::kPlanned || state == CameraState::kStaged;
  }
};

/// The phase's cameras as they are at `at` (retired ones left out), by floor from the bottom up,
/// then by code. As yagura_keep; joins the caller's transaction; errors of PostgreSQL end in
/// pg::Pool.
[[nodiscard]] std::vector<BoardCamera> ReadPhaseBoard(pqxx::transaction_base& transaction,
                                                      PhaseId phase, WallTime at);

}  // namespace yagura::fleet
